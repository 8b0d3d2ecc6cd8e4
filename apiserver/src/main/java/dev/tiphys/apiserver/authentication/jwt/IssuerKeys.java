package dev.tiphys.apiserver.authentication.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.token.SignedToken;
import dev.tiphys.pki.token.TokenKeys;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// The keys of an issuer, as it publishes them (OpenID Connect Discovery 1.0). They are asked for
/// when the first token comes, and again when a token was signed with a key that is not known:
/// issuers change their keys. An issuer that does not answer is not asked again at once.
///
/// Threads: any.
final class IssuerKeys {

  private static final String DOCUMENT = "/.well-known/openid-configuration";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /// Nobody has as many keys.
  private static final int LARGEST = 1 << 20;

  private final World world;
  private final JwtSettings settings;
  private final HttpClient client;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Known known;

  /// @param at when it was asked, in nanoseconds of the world
  private record Known(TokenKeys keys, String error, long at, boolean asked) {}

  IssuerKeys(World world, JwtSettings settings) {
    this.world = world;
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .sslContext(
                TlsContext.of(
                    new Kubeconfig.Access(settings.issuer(), settings.authority(), "", "", "")))
            .connectTimeout(TIMEOUT)
            .build();
    this.known = new Known(TokenKeys.NONE, "", 0, false);
  }

  /// Whether one of the issuer's keys signed the token.
  ///
  /// @throws TokenFault if it can't be told
  boolean verify(SignedToken token) throws TokenFault {
    Known present = known;
    if (present.keys.verify(token)) {
      return true;
    }
    present = asked(present);
    if (!present.error.isEmpty()) {
      throw new TokenFault("fetching keys " + present.error);
    }
    return present.keys.verify(token);
  }

  /// The keys, newer than those.
  private Known asked(Known old) {
    asking.lock();
    try {
      Known present = known;
      boolean tooSoon = present.asked && world.nanoTime() - present.at < PAUSE.toNanos();
      if (present != old || tooSoon) {
        return present;
      }
      try {
        known = new Known(ask(), "", world.nanoTime(), true);
      } catch (IOException e) {
        // keys that were good stay good while the issuer can't be asked
        known = new Known(old.keys, String.valueOf(e.getMessage()), world.nanoTime(), true);
      }
      return known;
    } finally {
      asking.unlock();
    }
  }

  private TokenKeys ask() throws IOException {
    try {
      String base = settings.issuer().replaceAll("/$", "");
      String discovery = settings.discovery().isEmpty() ? base + DOCUMENT : settings.discovery();
      Struct document = Json.struct(get(discovery));
      if (!document.string("issuer").equals(settings.issuer())) {
        throw new IOException(
            "oidc: issuer did not match the issuer returned by provider, expected \""
                + settings.issuer()
                + "\" got \""
                + document.string("issuer")
                + "\"");
      }
      return TokenKeys.parse(new String(get(document.string("jwks_uri")), UTF_8));
    } catch (EncodingException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private byte[] get(String url) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] read = body.readNBytes(LARGEST);
        if (answer.statusCode() != 200) {
          throw new IOException(answer.statusCode() + ": " + new String(read, UTF_8));
        }
        return read;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
