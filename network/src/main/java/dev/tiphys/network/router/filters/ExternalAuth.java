package dev.tiphys.network.router.filters;

import dev.tiphys.http.Header;
import dev.tiphys.http.client.ClientConnection;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.http.client.ResponseHead;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Asks another server whether a request may go on, as nginx' auth_request does: it is sent the
/// head of the request, and lets it go on by a status of 2xx. Its certificate is not verified.
///
/// It is asked on a thread of its own for each request.
///
/// Threads: any.
public final class ExternalAuth implements Filter {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CONNECT_MILLIS = 5000;
  private static final int MANY = 10_000;

  /// What is for one connection, or for content that is not sent.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final World world;
  private final Reach reach;
  private final AuthSettings settings;
  private final ConcurrentMap<String, Remembered> remembered = new ConcurrentHashMap<>();

  /// @param status 500 if the server could not be asked
  private record Verdict(int status, Map<String, String> headers) {}

  private record Remembered(Verdict verdict, long until) {}

  public ExternalAuth(World world, Reach reach, AuthSettings settings) {
    this.world = world;
    this.reach = reach;
    this.settings = settings;
  }

  @Override
  public void filter(Passage passage) {
    String key = Variables.fill(settings.cacheKey(), passage);
    Remembered before = key.isEmpty() ? null : remembered.get(key);
    if (before != null && before.until - world.nanoTime() > 0) {
      decided(passage, before.verdict);
      return;
    }
    String url = Variables.fill(settings.url(), passage);
    List<Header> headers = headers(passage);
    world.start(
        "auth",
        () -> {
          Verdict verdict = ask(url, headers);
          remember(key, verdict);
          passage.loop().execute(() -> decided(passage, verdict));
        });
  }

  private void remember(String key, Verdict verdict) {
    Duration span = settings.remembered().get(verdict.status);
    if (key.isEmpty() || span == null) {
      return;
    }
    long now = world.nanoTime();
    if (remembered.size() >= MANY) {
      remembered.values().removeIf(each -> each.until - now <= 0);
    }
    if (remembered.size() < MANY) {
      remembered.put(key, new Remembered(verdict, now + span.toNanos()));
    }
  }

  private static List<Header> headers(Passage passage) {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> each : passage.headers()) {
      if (!LEFT_OUT.contains(each.getKey().toLowerCase(Locale.ROOT))) {
        headers.add(new Header(each.getKey(), each.getValue()));
      }
    }
    String address = passage.client().getHostAddress();
    headers.add(new Header("X-Original-URL", original(passage)));
    headers.add(new Header("X-Original-Method", passage.request().method()));
    headers.add(new Header("X-Sent-From", "nginx-ingress-controller"));
    headers.add(new Header("X-Real-IP", address));
    headers.add(new Header("X-Forwarded-For", address));
    headers.add(new Header("X-Auth-Request-Redirect", passage.target()));
    headers.add(new Header("Connection", "close"));
    return headers;
  }

  private static String original(Passage passage) {
    String host = passage.request().header("host");
    return passage.request().scheme()
        + "://"
        + (host == null ? passage.request().host() : host)
        + passage.target();
  }

  private Verdict ask(String url, List<Header> headers) {
    try {
      URI uri = URI.create(url);
      boolean tls = "https".equals(uri.getScheme());
      String host = uri.getHost();
      if (host == null) {
        throw new IOException("no host in " + url);
      }
      int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
      List<Header> all = new ArrayList<>(headers);
      all.add(new Header("Host", uri.getRawAuthority()));
      String method = settings.method().isEmpty() ? "GET" : settings.method();
      try (ClientConnection connection =
          new ClientConnection(connect(reach.find(host, port), host, tls), method)) {
        connection.send(new RequestTarget(target(uri)), all);
        long end = world.nanoTime() + PATIENCE.toNanos();
        return verdict(connection.answer(() -> world.nanoTime() - end < 0));
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Verdict(500, Map.of());
    }
  }

  private static String target(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  private static Socket connect(InetSocketAddress address, String host, boolean tls)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, CONNECT_MILLIS);
      return tls
          ? trusting().getSocketFactory().createSocket(socket, host, address.getPort(), true)
          : socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyServer()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class AnyServer implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private Verdict verdict(ResponseHead head) {
    Map<String, String> told = new HashMap<>();
    List<String> names = new ArrayList<>(settings.passed());
    names.add("WWW-Authenticate");
    names.add("Set-Cookie");
    for (String name : names) {
      String value = head.header(name.toLowerCase(Locale.ROOT));
      if (value != null) {
        told.put(name, value);
      }
    }
    return new Verdict(head.status(), told);
  }

  private void decided(Passage passage, Verdict verdict) {
    int status = verdict.status;
    String cookie = verdict.headers.get("Set-Cookie");
    if (cookie != null) {
      passage.editResponse(new HeaderEdits(List.of(), Map.of(), Map.of("Set-Cookie", cookie)));
    }
    if (status / 100 == 2) {
      Map<String, String> passed = new HashMap<>(verdict.headers);
      passed.keySet().retainAll(settings.passed());
      passage.editRequest(new HeaderEdits(settings.passed(), passed, Map.of()));
      passage.goOn();
    } else if (status == 401 && settings.signIn() != null) {
      passage.redirect(302, signIn(settings.signIn(), passage));
    } else if (status == 401) {
      String challenge = verdict.headers.get("WWW-Authenticate");
      if (challenge != null) {
        passage.editResponse(
            new HeaderEdits(List.of(), Map.of("WWW-Authenticate", challenge), Map.of()));
      }
      passage.answer(401);
    } else {
      passage.answer(status == 403 ? 403 : 500);
    }
  }

  /// Where clients sign in, with where they are to be sent back to.
  private static String signIn(String url, Passage passage) {
    String filled = Variables.fill(url, passage);
    if (url.contains("rd=")) {
      return filled;
    }
    String back = URLEncoder.encode(original(passage), StandardCharsets.UTF_8);
    return filled + (filled.contains("?") ? "&" : "?") + "rd=" + back;
  }
}
