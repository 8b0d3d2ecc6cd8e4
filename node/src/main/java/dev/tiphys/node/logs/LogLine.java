package dev.tiphys.node.logs;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One line of a log file.
///
/// @param time when it was written, as it stands there
/// @param whole whether the text ends a line; if not, the next one goes on with it
/// @param text what was written, with the line's end if it is whole
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
record LogLine(OffsetDateTime time, LogStream stream, boolean whole, byte[] text) {

  private static final DateTimeFormatter FIXED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX");

  /// Reads a line; null if it is none.
  ///
  /// @param bytes the line with the line feed at its end
  static @Nullable LogLine parse(byte[] bytes) {
    int afterTime = next(bytes, 0);
    int afterStream = next(bytes, afterTime);
    int afterTag = next(bytes, afterStream);
    if (afterTime < 0 || afterStream < 0 || afterTag < 0) {
      return null;
    }
    LogStream stream =
        switch (text(bytes, afterTime, afterStream)) {
          case "stdout" -> LogStream.STDOUT;
          case "stderr" -> LogStream.STDERR;
          default -> null;
        };
    if (stream == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text(bytes, 0, afterTime));
      boolean whole = bytes[afterStream] != 'P';
      int end = whole ? bytes.length : bytes.length - 1;
      return new LogLine(time, stream, whole, Arrays.copyOfRange(bytes, afterTag, end));
    } catch (DateTimeException _) {
      return null;
    }
  }

  /// The time in the form that readers of logs get: nanoseconds to the last digit.
  String timestamp() {
    return FIXED.format(time);
  }

  /// Where the word after the next space begins; -1 if there is none.
  private static int next(byte[] bytes, int from) {
    for (int i = Math.max(0, from); from >= 0 && i < bytes.length; i++) {
      if (bytes[i] == ' ') {
        return i + 1;
      }
    }
    return -1;
  }

  private static String text(byte[] bytes, int from, int afterSpace) {
    return new String(bytes, from, afterSpace - 1 - from, StandardCharsets.US_ASCII);
  }
}
