package dev.tiphys.node.volumes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files to put into a volume, by their path in it.
record Payload(Map<String, Content> files) {

  /// What is in a file, and its mode.
  static final class Content {
    private final byte[] bytes;
    private final int mode;

    Content(byte[] bytes, int mode) {
      this.bytes = bytes.clone();
      this.mode = mode;
    }

    Content(String text, int mode) {
      this(text.getBytes(StandardCharsets.UTF_8), mode);
    }

    byte[] bytes() {
      return bytes.clone();
    }

    int mode() {
      return mode;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Content that && mode == that.mode && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes) + mode;
    }
  }

  Payload {
    files = new TreeMap<>(files);
  }
}
