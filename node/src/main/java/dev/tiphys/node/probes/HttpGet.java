package dev.tiphys.node.probes;

import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// One GET, as probes and hooks send it: HTTP/1.1, certificates are not looked at, and the
/// connection ends with the answer.
///
/// Threads: any.
final class HttpGet {
  private static final int LONGEST_BODY = 10 << 10;
  private static final int LONGEST_HEAD = 64 << 10;

  private final World world;

  /// @param target path and query
  record Request(boolean tls, String host, int port, String target, List<Struct> headers) {}

  /// @param location where a redirection leads; empty if it is none
  record Response(int status, String location, String body) {}

  HttpGet(World world) {
    this.world = world;
  }

  /// @throws SocketTimeoutException if there is no answer within `limit`
  Response send(Request request, Duration limit) throws IOException {
    long end = world.nanoTime() + limit.toNanos();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(request.host, request.port), left(end));
      plain.setSoTimeout(left(end));
      if (!request.tls) {
        return exchange(plain, request, end);
      }
      try (Socket secure = secure(plain, request)) {
        return exchange(secure, request, end);
      }
    }
  }

  private int left(long end) throws SocketTimeoutException {
    long millis = (end - world.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("timed out");
    }
    return (int) millis;
  }

  private Response exchange(Socket socket, Request request, long end) throws IOException {
    socket.getOutputStream().write(bytes(request));
    InputStream in = new BufferedInputStream(socket.getInputStream());
    String statusLine = line(in);
    String[] words = statusLine.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/")) {
      throw new IOException("malformed HTTP response \"" + statusLine + "\"");
    }
    int status = Integer.parseInt(words[1]);
    String location = "";
    int total = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      socket.setSoTimeout(left(end));
      total += header.length();
      if (total > LONGEST_HEAD) {
        throw new IOException("the header is too long");
      }
      if (header.toLowerCase(Locale.ROOT).startsWith("location:")) {
        location = header.substring("location:".length()).strip();
      }
    }
    return new Response(status, location, body(in));
  }

  /// What is there of the body, up to a limit. It is only shown: how it is framed does not matter.
  private static String body(InputStream in) {
    try {
      return new String(in.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return ""; // the status is what counts
    }
  }

  private static byte[] bytes(Request request) {
    StringBuilder head = new StringBuilder();
    head.append("GET ").append(request.target).append(" HTTP/1.1\r\n");
    String host = request.host.indexOf(':') < 0 ? request.host : "[" + request.host + "]";
    String hostHeader = host + ":" + request.port;
    String agent = "kube-probe/1.36";
    String accept = "*/*";
    StringBuilder more = new StringBuilder();
    for (Struct header : request.headers) {
      String name = header.string("name");
      String value = header.string("value");
      switch (name.toLowerCase(Locale.ROOT)) {
        case "host" -> hostHeader = value;
        case "user-agent" -> agent = value;
        case "accept" -> accept = value;
        default -> more.append(name).append(": ").append(value).append("\r\n");
      }
    }
    head.append("Host: ").append(hostHeader).append("\r\n");
    if (!agent.isEmpty()) {
      head.append("User-Agent: ").append(agent).append("\r\n");
    }
    if (!accept.isEmpty()) {
      head.append("Accept: ").append(accept).append("\r\n");
    }
    head.append(more).append("Connection: close\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("EOF");
      }
      if (line.size() > LONGEST_HEAD) {
        throw new IOException("the header is too long");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static Socket secure(Socket plain, Request request) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
      SSLSocket secure =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, request.host, request.port, true);
      secure.startHandshake();
      return secure;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS: " + e.getMessage(), e);
    }
  }

  /// A probe asks whether the server answers, not for its identity.
  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
