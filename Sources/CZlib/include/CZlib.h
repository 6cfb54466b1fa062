// zlib's macros as plain functions.
#ifndef HELIOGRAPH_CZLIB_H
#define HELIOGRAPH_CZLIB_H

#include <zlib.h>

/// Prepares a stream that writes the gzip format.
static inline int zlib_begin_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}
/// Prepares a stream that reads the gzip format.
static inline int zlib_begin_gunzip(z_stream *stream) { return inflateInit2(stream, MAX_WBITS + 16); }

#endif
