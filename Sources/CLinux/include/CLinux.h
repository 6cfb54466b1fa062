// Linux calls that Swift's Glibc module does not export.
#ifndef HELIOGRAPH_CLINUX_H
#define HELIOGRAPH_CLINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <signal.h>

/// Adds, changes or removes `descriptor`; `token` comes back with each event. Returns 0 or -errno.
int linux_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token);
/// Waits and fills two arrays. Returns the number of events or -errno.
int linux_epoll_wait(int epoll, uint32_t *events, uint64_t *tokens, int capacity, int timeout_milliseconds);
/// Blocks the given signals for the whole process and returns a descriptor that delivers them, or -errno.
int linux_signal_descriptor(const int *signals, int count);
/// Reads one pending signal from a signal descriptor; 0 when there is none.
int linux_signal_read(int descriptor);
/// Lets the given signals through again.
int linux_signal_unblock(const int *signals, int count);
/// Asks the kernel to send `signal` to this process when its parent ends.
int linux_die_with_parent(int signal);
/// Starts a program in a session of its own: input from /dev/null, output appended to `log` (made with mode 0600), working folder `folder`,
/// no other descriptor, all signals at their defaults. Returns its process id or -errno.
int linux_spawn_daemon(char *const *arguments, const char *log, const char *folder);

/// A descriptor that becomes readable when the time given to `linux_timer_set` has passed, or -errno.
int linux_timer_create(void);
/// Lets the timer fire once after so many milliseconds, at once for 0, never for negative ones.
int linux_timer_set(int timer, int64_t milliseconds);
/// Makes a timer that has fired unreadable again.
void linux_timer_clear(int timer);

/// 1 when the kernel believes the clock to be synchronised, 0 when not, negative when it does not tell.
int linux_clock_is_synchronised(void);

/// What the calling thread has had so far: microseconds of processor time, and how often it gave the processor up by itself, as each
/// blocking call does at least once.
void linux_thread_usage(int64_t *microseconds, int64_t *voluntary_switches);

#endif
