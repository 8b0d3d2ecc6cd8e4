package dev.tiphys.node.images;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Where the bytes of a blob are.
interface BlobSource {

  long size();

  /// The bytes from the first to the last.
  InputStream open() throws IOException;

  static BlobSource of(byte[] bytes) {
    return new BlobSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  default byte[] bytes() throws IOException {
    try (InputStream in = open()) {
      return in.readAllBytes();
    }
  }
}
