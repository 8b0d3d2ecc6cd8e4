package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.pki.ClientName;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Client certificates: the common name is the user, the organizations are the user's groups, and
/// an attribute of the subject that Kubernetes has a number for is the user's uid.
///
/// Threads: any.
public final class ClientCertificates implements Authenticator {

  private static final int MOST_KNOWN = 1_000;

  /// How long certificates are still valid, in seconds: half an hour to a year.
  private static final double[] EXPIRATIONS = {
    0,
    1_800,
    3_600,
    7_200,
    21_600,
    43_200,
    86_400,
    172_800,
    345_600,
    604_800,
    2_592_000,
    7_776_000,
    15_552_000,
    31_104_000
  };

  private final World world;
  private final Trust trust;
  private final Map<List<X509Certificate>, Known> known = new ConcurrentHashMap<>();

  private final HistogramFamily expirations =
      new HistogramFamily(
          "apiserver_client_certificate_expiration_seconds",
          "How long the certificates are still valid that requests are made with.",
          EXPIRATIONS);

  /// A chain that has been verified.
  private record Known(UserInfo user, Instant until) {}

  /// @param authorities the authorities that are trusted
  public ClientCertificates(World world, List<X509Certificate> authorities) {
    this.world = world;
    this.trust = new Trust(authorities);
  }

  @Override
  public Proof examine(Exchange exchange) {
    return examine(exchange.certificates());
  }

  /// @param chain the client's own certificate first, whose key it proved to have
  Proof examine(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return Proof.NONE;
    }
    Instant end = chain.getFirst().getNotAfter().toInstant();
    expirations.of().recordSize(Duration.between(world.now(), end).toSeconds());
    try {
      Known found = known.get(chain);
      if (found == null || found.until.isBefore(world.now())) {
        found = verified(chain);
        if (known.size() >= MOST_KNOWN) {
          known.clear();
        }
        known.put(chain, found);
      }
      return new Proof.Of(found.user);
    } catch (GeneralSecurityException e) {
      return Proof.FAILED;
    }
  }

  /// Tells how long certificates are still valid.
  public void write(Exposition out) {
    expirations.write(out);
  }

  private Known verified(List<X509Certificate> chain) throws GeneralSecurityException {
    Instant until = trust.verify(chain, world.now());
    return new Known(user(chain.getFirst()), until);
  }

  /// The common name of a certificate's subject; null if it has none.
  static @Nullable String commonName(X509Certificate certificate) {
    try {
      return user(certificate).name();
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static UserInfo user(X509Certificate certificate) throws GeneralSecurityException {
    ClientName client = ClientName.of(certificate);
    return new UserInfo(
        client.name(),
        client.uid(),
        client.organizations(),
        Map.of(UserInfo.CREDENTIAL_ID, List.of(id(certificate))));
  }

  /// What tells the certificate from all others, for the audit log.
  private static String id(X509Certificate certificate) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return "X509SHA256=" + HexFormat.of().formatHex(digest);
  }
}
