package dev.tiphys.controllers.certificates;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Signs what was approved, for the signers that upstream has: client certificates of the API
/// server and of kubelets, the kubelets' serving certificates, and those of the time before there
/// were signers.
public final class SigningController implements Component {

  private static final Duration LIFE = Duration.ofDays(365);
  private static final Duration SHORTEST = Duration.ofMinutes(10);

  /// Clocks differ: a certificate counts as made a while ago.
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  /// What lives shorter than this must not lose that while at its end.
  private static final Duration SHORT = Duration.ofHours(8);

  private static final Set<String> SIGNERS =
      Set.of(
          Requests.CLIENT,
          Requests.KUBELET_CLIENT,
          "kubernetes.io/kubelet-serving",
          "kubernetes.io/legacy-unknown");

  private final World world;
  private final Api api;
  private final Informer requests;
  private final Authority authority;
  private final Controller controller;

  public SigningController(
      World world, Api api, ClusterView cluster, Authority authority, int workers) {
    this.world = world;
    this.api = api;
    this.authority = authority;
    this.requests = cluster.of(Requests.RESOURCE);
    this.controller =
        new Controller("certificate-controller", world, workers, Requests.RETRIES, this::reconcile);
    requests.listen(Informer.Listener.ofAll(controller::enqueue));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct request = requests.find("", key.name());
    if (request == null
        || Requests.isIssued(request)
        || !Requests.is(request, "Approved")
        || Requests.is(request, "Failed")
        || !SIGNERS.contains(request.string("spec", "signerName"))) {
      return Outcome.DONE;
    }
    Struct signed;
    try {
      SigningRequest content = Requests.content(request);
      String fault = fault(request.string("spec", "signerName"), content, usages(request));
      signed = fault == null ? signed(request, content) : failed(request, fault);
    } catch (IllegalArgumentException e) {
      return Outcome.RETRY; // upstream tries again too: the authority may be another then
    }
    api.update(Requests.RESOURCE, signed, "status");
    return Outcome.DONE;
  }

  private static List<String> usages(Struct request) {
    return request.strings("spec", "usages");
  }

  private static @Nullable String fault(
      String signer, SigningRequest content, List<String> usages) {
    return switch (signer) {
      case Requests.KUBELET_CLIENT -> KubeletRules.clientFault(content, usages);
      case "kubernetes.io/kubelet-serving" -> KubeletRules.servingFault(content, usages);
      case Requests.CLIENT -> clientFault(usages);
      default -> null;
    };
  }

  private static @Nullable String clientFault(List<String> usages) {
    for (String usage : usages) {
      if (!Set.of("digital signature", "key encipherment", "client auth").contains(usage)) {
        return "invalid usage for client certificate: " + usage;
      }
    }
    return usages.contains("client auth")
        ? null
        : "missing required usage for client certificate: client auth";
  }

  private Struct signed(Struct request, SigningRequest content) {
    Instant now = world.now();
    Duration life = life(request);
    Instant end = now.plus(life.compareTo(SHORT) < 0 ? life : life.minus(BACKDATED));
    X509Certificate certificate =
        authority.sign(content, usages(request), now.minus(BACKDATED), end);
    byte[] pem = Pem.of(List.of(certificate)).getBytes(StandardCharsets.US_ASCII);
    return request.withAt(Base64.getEncoder().encodeToString(pem), "status", "certificate");
  }

  private static Duration life(Struct request) {
    if (!request.has("spec", "expirationSeconds")) {
      return LIFE;
    }
    Duration wanted = Duration.ofSeconds(request.integer("spec", "expirationSeconds"));
    if (wanted.compareTo(LIFE) > 0) {
      return LIFE;
    }
    return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
  }

  private Struct failed(Struct request, String fault) {
    List<Object> conditions = new ArrayList<>(request.list("status", "conditions"));
    conditions.add(
        new StructBuilder()
            .add("type", "Failed")
            .add("status", "True")
            .add("reason", "SignerValidationFailure")
            .add("message", fault)
            .add("lastUpdateTime", Timestamps.seconds(world.now()))
            .build());
    return request.withAt(List.copyOf(conditions), "status", "conditions");
  }

  @Override
  public void close() {
    controller.close();
  }
}
