package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.ExtraHeaders;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// A proxy in front of the server, which has authenticated the user and says in headers who it is:
/// `X-Remote-User`, `X-Remote-Group`, `X-Remote-Uid`, `X-Remote-Extra-KEY`. It is believed if it
/// has a certificate that an authority for proxies issued.
///
/// Threads: any.
public final class RequestHeaders implements Authenticator {

  private static final String EXTRA = "x-remote-extra-";

  private final World world;
  private final Trust trust;
  private final Set<String> names;

  /// @param authorities vouch for proxies
  /// @param names the common names that proxies have; empty for any
  public RequestHeaders(World world, List<X509Certificate> authorities, Set<String> names) {
    this.world = world;
    this.trust = new Trust(authorities);
    this.names = Set.copyOf(names);
  }

  @Override
  public Proof examine(Exchange exchange) {
    String user = exchange.header("x-remote-user");
    if (user == null || user.isEmpty() || exchange.certificates().isEmpty()) {
      return Proof.NONE;
    }
    if (!isProxy(exchange.certificates())) {
      return Proof.FAILED;
    }
    String uid = exchange.header("x-remote-uid");
    return new Proof.Of(
        new UserInfo(
            user,
            uid == null ? "" : uid,
            exchange.headers("x-remote-group"),
            ExtraHeaders.of(exchange, EXTRA)));
  }

  private boolean isProxy(List<X509Certificate> chain) {
    try {
      trust.verify(chain, world.now());
    } catch (GeneralSecurityException e) {
      return false;
    }
    String name = ClientCertificates.commonName(chain.getFirst());
    return name != null && (names.isEmpty() || names.contains(name));
  }
}
