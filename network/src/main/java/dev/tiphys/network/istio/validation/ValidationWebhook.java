package dev.tiphys.network.istio.validation;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/// Has API servers ask, before they store an object, whether it could be served: the webhook
/// `validation.istio.io`. If this does not answer, objects are stored unchecked.
///
/// Threads: any.
public final class ValidationWebhook implements AutoCloseable {

  /// What API servers know it by.
  public static final ApiResource CONFIGURATIONS =
      new ApiResource(
          GroupVersion.parse("admissionregistration.k8s.io/v1"),
          "validatingwebhookconfigurations",
          "ValidatingWebhookConfiguration",
          false);

  /// The configuration's name.
  public static final String NAME = "tiphys-mesh";

  private static final Duration LIFE = Duration.ofDays(3650);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int LARGEST = 8 << 20;
  private static final String PATH = "/validate";

  private final World world;
  private final Api api;
  private final HttpServer server;
  private final InetSocketAddress address;
  private final String authority;
  private final SupervisedTask task;
  private final Gate changed;
  private volatile boolean wanted = true;

  /// Begins to answer.
  ///
  /// @param at where API servers reach this process
  /// @throws IOException if no port can be had there
  public ValidationWebhook(World world, Api api, InetAddress at) throws IOException {
    this.world = world;
    this.api = api;
    Authority own = Authority.found(world, "tiphys-mesh");
    Credential credential =
        own.issue(Subject.server("tiphys-mesh", List.of(at.getHostAddress())), LIFE);
    this.authority = Pem.of(List.of(own.certificate()));
    this.server = new HttpServer(world, this::answer, LARGEST);
    server.secure(new TlsSettings(credential.key(), credential.chain(), List.of()));
    this.address = server.listen(new InetSocketAddress(at, 0));
    this.changed = world.background().gate();
    this.task = world.supervisor().task("mesh-webhook", OnFailure.RESTART);
  }

  /// Makes itself known to API servers, as soon as that succeeds.
  public void start() {
    task.start(this::run);
  }

  /// Whether API servers are to ask this: not while another program checks the objects.
  public void offer(boolean is) {
    wanted = is;
    changed.open();
  }

  private void run() throws InterruptedException {
    changed.open();
    while (true) {
      changed.await();
      try {
        if (wanted) {
          register();
        } else {
          withdraw();
        }
        task.problem("");
      } catch (ApiException e) {
        task.problem("the webhook of virtual services is not as it should be: " + e.message());
        world.background().sleep(PAUSE);
        changed.open();
      }
    }
  }

  private void register() {
    Struct present = api.find(CONFIGURATIONS, "", NAME);
    Struct wanted = configuration();
    if (present == null) {
      api.create(CONFIGURATIONS, wanted);
    } else {
      api.update(
          CONFIGURATIONS,
          wanted.withAt(Meta.of(present).resourceVersion(), "metadata", "resourceVersion"));
    }
  }

  private Struct configuration() {
    String host = address.getAddress().getHostAddress();
    String url =
        "https://%s:%d%s"
            .formatted(host.indexOf(':') < 0 ? host : "[" + host + "]", address.getPort(), PATH);
    String bundle = Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.UTF_8));
    Struct webhook =
        new StructBuilder()
            .add("name", "validation.istio.io")
            .add("clientConfig", Struct.of("url", url, "caBundle", bundle))
            .add(
                "rules",
                List.of(
                    new StructBuilder()
                        .add("apiGroups", List.of("networking.istio.io"))
                        .add("apiVersions", List.of("*"))
                        .add("operations", List.of("CREATE", "UPDATE"))
                        .add(
                            "resources",
                            List.of(
                                "virtualservices",
                                "destinationrules",
                                "gateways",
                                "serviceentries"))
                        .build()))
            .add("failurePolicy", "Ignore")
            .add("sideEffects", "None")
            .add("timeoutSeconds", 5L)
            .add("admissionReviewVersions", List.of("v1"))
            .build();
    return new StructBuilder()
        .add("apiVersion", CONFIGURATIONS.apiVersion())
        .add("kind", CONFIGURATIONS.kind())
        .add("metadata", Struct.of("name", NAME))
        .add("webhooks", List.of(webhook))
        .build();
  }

  private void withdraw() {
    try {
      api.delete(CONFIGURATIONS, "", NAME, DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void answer(Exchange exchange) {
    if (!exchange.path().equals(PATH)) {
      exchange.respond(Response.of(404, "text/plain", new byte[0]));
      return;
    }
    try {
      Object read = Json.parse(exchange.content().readAllBytes());
      Struct request = read instanceof Struct review ? review.struct("request") : Struct.EMPTY;
      exchange.respond(Response.of(200, "application/json", Json.bytes(review(request))));
    } catch (IOException e) {
      exchange.respond(Response.of(400, "text/plain", new byte[0]));
    }
  }

  /// What an API server is told.
  static Struct review(Struct request) {
    Validation validation = Validation.of(request.struct("object"));
    boolean allowed = validation.errors().isEmpty();
    StructBuilder response =
        new StructBuilder().add("uid", request.string("uid")).add("allowed", allowed);
    if (!allowed) {
      response.add(
          "status", Struct.of("message", "configuration is invalid: " + validation.message()));
    }
    if (!validation.warnings().isEmpty()) {
      response.add("warnings", validation.warnings());
    }
    return new StructBuilder()
        .add("apiVersion", "admission.k8s.io/v1")
        .add("kind", "AdmissionReview")
        .add("response", response.build())
        .build();
  }

  @Override
  public void close() {
    task.close();
    server.close();
  }
}
