package dev.tiphys.http.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes up HTTP/1.1 exchanges, most of which are no proper ones: several requests at once, lengths
/// that contradict each other, heads that are huge, or broken in some place.
///
/// @param random what is made up follows from it
record MalformedHttp1(RandomGenerator random) {

  private static final List<String> METHODS =
      List.of(
          "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT", "PRI", "get", "", "G\0");
  private static final List<String> TARGETS =
      List.of(
          "/echo",
          "/",
          "*",
          "",
          "//",
          "/%zz",
          "/echo?a=%zz",
          "http://x/echo",
          "x:80",
          "/a b",
          "/../..");
  private static final List<String> VERSIONS =
      List.of(
          "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "");
  private static final List<String> FIELDS =
      List.of(
          "Host: x",
          "Host: x",
          "Host:",
          "Connection: close",
          "Connection: keep-alive, upgrade",
          "Upgrade: websocket",
          "Upgrade: h2c",
          "Expect: 100-continue",
          "Expect: nothing",
          "Content-Length: 5",
          "Content-Length: 0",
          "Content-Length: -5",
          "Content-Length: +5",
          "Content-Length: 5, 5",
          "Content-Length: 99999999999999999999",
          "Content-Length: 2000000",
          "Content-Length : 5",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding:chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: identity",
          "Transfer-Encoding:\tchunked",
          "transfer-encoding: CHUNKED",
          " folded: line",
          ": nameless",
          "no colon",
          "X-Null: a\0b",
          "X-Bare: a\rb");
  private static final List<String> CONTENTS =
      List.of(
          "",
          "hello",
          "5\r\nhello\r\n0\r\n\r\n",
          "5;ext=1\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
          "5\r\nhello",
          "fffffffff\r\nhello",
          "-1\r\n",
          "0x5\r\nhello\r\n0\r\n\r\n",
          "zz\r\n",
          "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");

  /// The bytes of one connection.
  byte[] next() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int requests = 1 + (random.nextInt(4) == 0 ? random.nextInt(50) : 0);
    for (int i = 0; i < requests; i++) {
      all.writeBytes(request().getBytes(StandardCharsets.ISO_8859_1));
    }
    return damaged(all.toByteArray());
  }

  private String request() {
    String end = random.nextInt(10) == 0 ? "\n" : "\r\n";
    StringBuilder request = new StringBuilder();
    request.append(random.nextInt(5) > 0 ? METHODS.get(random.nextInt(4)) : one(METHODS));
    request.append(' ').append(random.nextInt(2) > 0 ? "/echo" : one(TARGETS));
    request.append(' ').append(random.nextInt(2) > 0 ? "HTTP/1.1" : one(VERSIONS)).append(end);
    for (int i = random.nextInt(8); i > 0; i--) {
      request.append(one(FIELDS)).append(end);
    }
    if (random.nextInt(100) == 0) {
      request.append("X-Huge: ").append("a".repeat(random.nextInt(2 << 20))).append(end);
    }
    return request.append(end).append(one(CONTENTS)).toString();
  }

  private String one(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// Changes some bytes, or leaves some out at the end.
  private byte[] damaged(byte[] bytes) {
    if (random.nextInt(3) == 0) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
    return java.util.Arrays.copyOf(bytes, length);
  }
}
