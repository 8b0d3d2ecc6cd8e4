package dev.tiphys.network.router.filters;

import com.google.re2j.Pattern;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.ClientTls;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.network.router.tls.ClientTrust;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.World;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// Lets requests go on whose client has shown a certificate that is trusted, and tells endpoints
/// which one that is. Others are answered 400, as nginx answers them. What comes without TLS is not
/// looked at, but for its subject.
///
/// What was found of a chain is remembered for a minute.
///
/// Threads: any.
public final class ClientCertificates implements Filter {

  private static final int MANY = 1000;
  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final Map<String, String> EMAIL = Map.of("1.2.840.113549.1.9.1", "emailAddress");

  private final World world;
  private final ClientTrust trust;
  private final Settings settings;
  private final ConcurrentMap<List<X509Certificate>, Found> found = new ConcurrentHashMap<>();

  private record Found(String problem, long until) {}

  /// Of which clients a certificate is wanted.
  public enum Verify {
    /// Of all.
    ON,
    /// Of none.
    OFF,
    /// None is needed, but one that is shown must be good.
    OPTIONAL,
    /// None is needed, and one of another authority is passed on all the same.
    OPTIONAL_NO_CA
  }

  /// @param subject what the subject of a certificate must have in it; null for anything
  /// @param errorPage where clients are sent instead of being refused; null for nowhere
  /// @param pass whether endpoints are sent the certificate itself
  public record Settings(
      Verify verify, @Nullable Pattern subject, @Nullable String errorPage, boolean pass) {}

  public ClientCertificates(World world, ClientTrust trust, Settings settings) {
    this.world = world;
    this.trust = trust;
    this.settings = settings;
  }

  @Override
  public void filter(Passage passage) {
    ClientTls tls = passage.tls();
    boolean asked = tls != null && settings.verify != Verify.OFF;
    List<X509Certificate> chain = tls != null && asked ? tls.chain() : List.of();
    if (asked && chain.isEmpty() && settings.verify == Verify.ON) {
      refuse(passage, "No required SSL certificate was sent");
      return;
    }
    String problem = chain.isEmpty() ? "" : problem(chain);
    if (!problem.isEmpty() && !(settings.verify == Verify.OPTIONAL_NO_CA && isOfOthers(problem))) {
      refuse(passage, "The SSL certificate error");
      return;
    }
    String subject = chain.isEmpty() ? "" : name(chain.getFirst().getSubjectX500Principal());
    if (settings.subject != null && !settings.subject.matcher(subject).find()) {
      passage.answer(
          new Action.Respond(403, "text/html", "client certificate unauthorized"),
          HeaderEdits.NONE);
      return;
    }
    Map<String, String> told = new HashMap<>();
    if (tls != null) {
      told.put(
          "ssl-client-verify",
          chain.isEmpty() ? "NONE" : problem.isEmpty() ? "SUCCESS" : "FAILED:" + problem);
    }
    if (!chain.isEmpty()) {
      told.put("ssl-client-subject-dn", subject);
      told.put("ssl-client-issuer-dn", name(chain.getFirst().getIssuerX500Principal()));
      if (settings.pass) {
        told.put("ssl-client-cert", escaped(chain.getFirst()));
      }
    }
    List<String> untrue = new ArrayList<>();
    untrue.addAll(List.of("ssl-client-verify", "ssl-client-subject-dn", "ssl-client-issuer-dn"));
    if (settings.pass) {
      untrue.add("ssl-client-cert");
    }
    passage.editRequest(new HeaderEdits(untrue, told, Map.of()));
    passage.goOn();
  }

  private String problem(List<X509Certificate> chain) {
    long now = world.nanoTime();
    Found known = found.get(chain);
    if (known != null && known.until - now > 0) {
      return known.problem;
    }
    if (found.size() >= MANY) {
      found.clear();
    }
    String problem = trust.problem(chain);
    found.put(chain, new Found(problem, now + REMEMBERED.toNanos()));
    return problem;
  }

  /// Whether the only fault is that the authority is not known.
  private static boolean isOfOthers(String problem) {
    return problem.startsWith("self-signed") || problem.startsWith("unable to verify");
  }

  private void refuse(Passage passage, String why) {
    if (settings.errorPage != null) {
      passage.redirect(302, settings.errorPage);
      return;
    }
    passage.answer(
        new Action.Respond(
            400,
            "text/html",
            """
            <html>
            <head><title>400 %s</title></head>
            <body>
            <center><h1>400 Bad Request</h1></center>
            <center>%s</center>
            </body>
            </html>
            """
                .formatted(why, why)),
        HeaderEdits.NONE);
  }

  private static String name(X500Principal principal) {
    return principal.getName(X500Principal.RFC2253, EMAIL);
  }

  /// In PEM, with what has a meaning in a URL escaped.
  private static String escaped(X509Certificate certificate) {
    return URLEncoder.encode(Pem.of(List.of(certificate)), StandardCharsets.UTF_8)
        .replace("+", "%20");
  }
}
