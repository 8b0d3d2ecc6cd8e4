package dev.tiphys.apiserver.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// What requests are passed on to.
///
/// @param host its address
/// @param port a number, or the name of a well-known one; empty for the scheme's own
/// @param tls what it is spoken to with; null for plain HTTP
public record Backend(String host, String port, @Nullable SSLContext tls) {

  private static final Duration CONNECTING = Duration.ofSeconds(30);
  private static final int LARGEST_PORT = 65_535;
  private static final Map<String, Integer> WELL_KNOWN = Map.of("http", 80, "https", 443);

  /// Host and port, as they stand in URLs.
  public String authority() {
    String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port.isEmpty() ? shown : shown + ":" + port;
  }

  /// Connects.
  ///
  /// @throws IOException whose message says in upstream's words why that failed
  public Socket connect() throws IOException {
    int number = number();
    String dialled =
        "dial tcp " + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + number + ": ";
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, number), (int) CONNECTING.toMillis());
      plain.setTcpNoDelay(true);
      return tls == null ? plain : secure(tls, plain, number);
    } catch (UnknownHostException e) {
      plain.close();
      throw new IOException("dial tcp: lookup " + host + ": no such host", e);
    } catch (ConnectException | NoRouteToHostException | SocketTimeoutException e) {
      plain.close();
      throw new IOException(dialled + reason(e), e);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private Socket secure(SSLContext context, Socket plain, int number) throws IOException {
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(plain, host, number, true);
    try {
      secure.setSoTimeout((int) CONNECTING.toMillis());
      secure.startHandshake();
      secure.setSoTimeout(0);
      return secure;
    } catch (SSLException e) {
      throw new IOException("tls: " + e.getMessage(), e);
    } catch (SocketTimeoutException e) {
      throw new IOException("net/http: TLS handshake timeout", e);
    }
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case SocketTimeoutException _ -> "i/o timeout";
      case NoRouteToHostException _ -> "connect: no route to host";
      default -> "connect: " + String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    };
  }

  private int number() throws IOException {
    if (port.isEmpty()) {
      return tls == null ? 80 : 443;
    }
    Integer known = WELL_KNOWN.get(port);
    if (known != null) {
      return known;
    }
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= LARGEST_PORT) {
        return number;
      }
      throw new IOException("dial tcp: address " + port + ": invalid port");
    } catch (NumberFormatException e) {
      throw new IOException("dial tcp: lookup tcp/" + port + ": unknown port", e);
    }
  }
}
