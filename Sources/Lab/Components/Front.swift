import CCurl
import Foundation

/// The private nginx: HTTPS on loopback, the lab's certificates, a Bearer token, and the pipeline behind it.
struct Front {
  static let path = "/api/v1/telemetry"

  let folder: LabFolder

  /// The folder of the socket over which nginx and the pipeline speak: the lab's own, or a short one in /tmp when the path would exceed the
  /// kernel's 107 bytes.
  func makeSocketFolder() throws -> String {
    if "\(folder.front)/pipeline".utf8.count <= 100 { return folder.front }
    var template = Array("/tmp/heliograph-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LabError("no folder can be made in /tmp: \(Files.errorText())") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes its configuration, which holds the token. It is all that nginx reads: nothing from /etc plays a part.
  func configure(_ front: LabState.Front, clientCertificates: Bool) throws {
    let token = try Secrets.password(at: folder.httpToken)
    let demand = clientCertificates ? "ssl_client_certificate \(folder.certificates)/ca.crt; ssl_verify_client on;" : ""
    // One process: a worker would outlive a master that was killed. Requests wait in memory and go to the pipeline as a whole.
    let text = """
      # Made by heliograph lab up; made again at every start.
      daemon off;
      master_process off;
      worker_rlimit_nofile 20000;
      pid \(folder.front)/nginx.pid;
      error_log stderr notice;
      events { worker_connections 16000; }
      http {
        access_log off;
        server_tokens off;
        client_body_temp_path \(folder.front)/body; proxy_temp_path \(folder.front)/proxy; fastcgi_temp_path \(folder.front)/fastcgi;
        uwsgi_temp_path \(folder.front)/uwsgi; scgi_temp_path \(folder.front)/scgi;
        client_body_buffer_size 1m;
        client_max_body_size 8m;
        keepalive_requests 1000000;
        keepalive_timeout 75s;
        tcp_nodelay on;
        map $http_authorization $is_authorised { default 0; "Bearer \(token)" 1; }
        server {
          listen 127.0.0.1:\(front.port) ssl http2 backlog=4096;
          server_name localhost;
          ssl_certificate \(folder.certificates)/server.crt;
          ssl_certificate_key \(folder.certificates)/server.key;
          ssl_protocols TLSv1.2 TLSv1.3;
          ssl_session_cache builtin:20000;
          \(demand)
          location = \(Self.path) {
            if ($is_authorised = 0) { return 401; }
            if ($request_method != POST) { return 405; }
            scgi_pass unix:\(front.socket);
            scgi_param SCGI 1;
            scgi_param REQUEST_METHOD $request_method;
            scgi_param REQUEST_URI $request_uri;
            scgi_read_timeout 60s;
          }
          location / { return 404; }
        }
      }

      """
    try Files.replace("\(folder.front)/nginx.conf", mode: 0o600, with: text)
  }

  func start() throws -> ProcessIdentity {
    let program = try Programs.find("nginx", package: "nginx-light")
    let command = [program, "-p", folder.front, "-e", "stderr", "-c", "\(folder.front)/nginx.conf"]
    return try Daemon.spawn(command, log: folder.log(.front), folder: folder.front)
  }

  /// Waits until it answers a request without a token with 401.
  func waitUntilServing(_ process: ProcessIdentity, _ front: LabState.Front, clientCertificates: Bool) throws {
    var answer = "no answer"
    let serving = poll(seconds: 15) {
      guard process.isAlive else { return true }
      answer = ask(front)
      return answer == (clientCertificates ? "400" : "401")
    }
    guard serving, process.isAlive else {
      throw LabError.notServing("nginx", port: front.port, reason: answer, log: folder.log(.front))
    }
  }

  /// The status of a request that bears nothing.
  private func ask(_ front: LabState.Front) -> String {
    guard let curl = curl_easy_init() else { return "libcurl cannot be used" }
    defer { curl_easy_cleanup(curl) }
    curl_set_string(curl, CURLOPT_URL, "https://127.0.0.1:\(front.port)\(Self.path)")
    curl_set_string(curl, CURLOPT_CAINFO, "\(folder.certificates)/ca.crt")
    curl_set_string(curl, CURLOPT_PROXY, "")
    curl_set_long(curl, CURLOPT_NOBODY, 1)
    curl_set_long(curl, CURLOPT_NOSIGNAL, 1)
    curl_set_long(curl, CURLOPT_TIMEOUT, 3)
    let result = curl_easy_perform(curl)
    guard result == CURLE_OK else { return String(cString: curl_easy_strerror(result)) }
    var code = 0
    curl_response_code(curl, &code)
    return String(code)
  }
}
