package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.webhook.Answers;
import dev.tiphys.apiserver.webhook.ReviewClient;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Pods run only images that another program lets them run: upstream's plugin ImagePolicyWebhook.
///
/// Threads: any.
public final class ImagePolicy implements Admission {

  private static final String PREFIX = "imagepolicywebhook.image-policy.k8s.io/";
  private static final String EPHEMERAL = "ephemeralcontainers";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ImagePolicySettings settings;
  private final ReviewClient client;
  private final Answers answers;

  /// @param configuration upstream's, with `imagePolicy`
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public ImagePolicy(World world, Struct configuration) {
    this.settings = ImagePolicySettings.read(configuration);
    this.answers = new Answers(world);
    try {
      this.client = new ReviewClient(world, settings.kubeconfig(), TIMEOUT, settings.pause());
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    if (writes && (request.isOn("", "pods") || request.isOn("", "pods", EPHEMERAL))) {
      check(request, pod);
    }
  }

  private void check(Request request, Struct pod) {
    Struct spec = question(request, pod);
    Struct status = answers.find(spec);
    if (status == null) {
      try {
        status = client.ask(review(spec));
      } catch (IOException e) {
        if (!settings.allowsFailures()) {
          throw request.forbidden(pod, String.valueOf(e.getMessage()));
        }
        request.call().annotate(PREFIX + "failed-open", "true");
        return;
      }
      answers.keep(
          spec, status, status.bool("allowed") ? settings.allowedLife() : settings.deniedLife());
    }
    Struct notes = status.struct("auditAnnotations");
    notes.names().forEach(key -> request.call().annotate(PREFIX + key, notes.string(key)));
    if (!status.bool("allowed")) {
      String reason = status.string("reason");
      throw request.forbidden(
          pod,
          reason.isEmpty()
              ? "one or more images rejected by webhook backend"
              : "image policy webhook backend denied one or more images: " + reason);
    }
  }

  private static Struct review(Struct spec) {
    return new StructBuilder()
        .add("kind", "ImageReview")
        .add("apiVersion", "imagepolicy.k8s.io/v1alpha1")
        .add("metadata", Struct.EMPTY)
        .add("spec", spec)
        .add("status", Struct.of("allowed", false))
        .build();
  }

  /// What is asked: the images, and the annotations that are meant for those who decide.
  private static Struct question(Request request, Struct pod) {
    Stream<Struct> containers =
        request.subresource().equals(EPHEMERAL)
            ? pod.structs("spec", "ephemeralContainers").stream()
            : Stream.concat(
                pod.structs("spec", "containers").stream(),
                pod.structs("spec", "initContainers").stream());
    List<Struct> images = containers.map(each -> Struct.of("image", each.string("image"))).toList();
    Struct all = pod.struct("metadata", "annotations");
    StructBuilder annotations = new StructBuilder();
    all.names().stream()
        .filter(name -> name.contains(".image-policy.k8s.io/"))
        .forEach(name -> annotations.add(name, all.string(name)));
    return new StructBuilder()
        .addUnlessEmpty("containers", images)
        .addUnlessEmpty("annotations", annotations.build())
        .addUnlessEmpty("namespace", request.namespace())
        .build();
  }
}
