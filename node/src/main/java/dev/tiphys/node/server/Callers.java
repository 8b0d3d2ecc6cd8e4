package dev.tiphys.node.server;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.pki.ClientName;
import dev.tiphys.pki.Trust;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who uses the agent's server, and what they may: clients prove themselves with a certificate of
/// the cluster or a bearer token, which the API server reviews; it is asked for their rights too.
/// See <https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/>.
///
/// Threads: any.
final class Callers {

  private static final String SCHEME = "bearer ";
  private static final String AUTHENTICATED = "system:authenticated";
  private static final Duration KNOWN = Duration.ofMinutes(2);
  private static final Duration ALLOWED = Duration.ofMinutes(5);
  private static final Duration REFUSED = Duration.ofSeconds(30);

  private static final ApiResource TOKENS = virtual("authentication.k8s.io/v1", "TokenReview");
  private static final ApiResource RIGHTS =
      virtual("authorization.k8s.io/v1", "SubjectAccessReview");

  private final World world;
  private final Api api;
  private final Trust trust;
  private final String node;
  private final Remembered<String, Caller> tokens;
  private final Remembered<Question, Boolean> rights;

  private record Question(Caller caller, String verb, String part) {}

  private static ApiResource virtual(String version, String kind) {
    return new ApiResource(
        GroupVersion.parse(version), kind.toLowerCase(Locale.ROOT) + "s", kind, false);
  }

  /// @param api what reviews tokens and rights
  /// @param authorities whose certificates count
  /// @param node what the rights are rights to
  Callers(World world, Api api, List<X509Certificate> authorities, String node) {
    this.world = world;
    this.api = api;
    this.trust = new Trust(authorities);
    this.node = node;
    this.tokens = new Remembered<>(world);
    this.rights = new Remembered<>(world);
  }

  /// Who asks; null if that is not proven.
  @Nullable Caller identify(Exchange exchange) {
    Caller byCertificate = ofCertificate(exchange.certificates());
    return byCertificate == null ? ofToken(exchange.header("authorization")) : byCertificate;
  }

  private @Nullable Caller ofCertificate(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return null;
    }
    try {
      trust.verify(chain, world.now());
      ClientName client = ClientName.of(chain.getFirst());
      List<String> groups = new ArrayList<>(client.organizations());
      groups.add(AUTHENTICATED);
      return new Caller(client.name(), client.uid(), groups, Struct.EMPTY);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private @Nullable Caller ofToken(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    String token = header.substring(SCHEME.length()).strip();
    Caller known = tokens.find(token);
    if (known != null || token.isEmpty()) {
      return known;
    }
    Struct status =
        api.create(TOKENS, Struct.of("spec", Struct.of("token", token))).struct("status");
    if (!status.bool("authenticated")) {
      return null;
    }
    Caller found = Caller.of(status.struct("user"));
    tokens.keep(token, found, KNOWN);
    return found;
  }

  /// Whether a caller may do something with what a path shows.
  ///
  /// @param method of the request
  boolean mayAsk(Caller caller, String method, String path) {
    return Part.of(path).stream().anyMatch(part -> isAllowed(caller, Part.verb(method), part));
  }

  private boolean isAllowed(Caller caller, String verb, String part) {
    Question question = new Question(caller, verb, part);
    Boolean known = rights.find(question);
    if (known != null) {
      return known;
    }
    Struct attributes =
        new StructBuilder()
            .add("verb", verb)
            .add("version", "v1")
            .add("resource", "nodes")
            .add("subresource", part)
            .add("name", node)
            .build();
    Struct review =
        Struct.of("spec", caller.question().add("resourceAttributes", attributes).build());
    boolean allowed = api.create(RIGHTS, review).struct("status").bool("allowed");
    rights.keep(question, allowed, allowed ? ALLOWED : REFUSED);
    return allowed;
  }

  /// What is said to a caller that may not.
  static String refusal(Caller caller, String method, String path) {
    return "Forbidden (user=%s, verb=%s, resource=nodes, subresource(s)=[%s])"
        .formatted(caller.user(), Part.verb(method), String.join(" ", Part.of(path)));
  }
}
