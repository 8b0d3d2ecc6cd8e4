package dev.tiphys.node.pull;

import dev.tiphys.node.images.ImageReference;
import dev.tiphys.node.images.InvalidReferenceException;
import dev.tiphys.node.pod.Backoff;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.ImageStore;
import dev.tiphys.node.runtime.RegistryAuth;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.object.GoDuration;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes sure that a container's image is on the node, as its pull policy says. One for each Pod,
/// since each Pod has its own back-off.
///
/// Threads: the Pod's worker.
public final class ImagePuller {
  /// How soon after a failure the container is shown to rest.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration LATER = Duration.ofSeconds(10);

  private final World world;
  private final ImageStore images;
  private final PullSecrets secrets;
  private final PodEvents events;
  private final Map<String, Failed> failed = new HashMap<>();

  /// An image that could not be pulled.
  private record Failed(Backoff backoff, Instant at, String message) {}

  public ImagePuller(World world, ImageStore images, PullSecrets secrets, PodEvents events) {
    this.world = world;
    this.images = images;
    this.secrets = secrets;
    this.events = events;
  }

  /// The image, pulled if need be.
  public Image image(Pod pod, PodContainer container) throws PullFailure, InterruptedException {
    String image = container.image();
    try {
      ImageReference.parse(image);
    } catch (InvalidReferenceException e) {
      String message =
          "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": %s"
              .formatted(image, image, e.getMessage());
      events.warning(pod, container, "InspectFailed", message);
      throw new PullFailure("InvalidImageName", message, LATER);
    }
    Image here = find(pod, container);
    String policy = policy(container);
    if (here != null && !policy.equals("Always")) {
      events.normal(
          pod,
          container,
          "Pulled",
          "Container image \"%s\" already present on machine and can be accessed by the pod"
              .formatted(image));
      return here;
    }
    if (policy.equals("Never")) {
      String message = "Container image \"%s\" is not present with pull policy of Never";
      events.warning(pod, container, "ErrImageNeverPull", message.formatted(image));
      throw new PullFailure("ErrImageNeverPull", message.formatted(image), LATER);
    }
    rest(pod, container);
    return pull(pod, container);
  }

  private @Nullable Image find(Pod pod, PodContainer container)
      throws PullFailure, InterruptedException {
    try {
      return images.find(container.image());
    } catch (RuntimeFailure e) {
      String message =
          "Failed to inspect image \"%s\": %s".formatted(container.image(), e.getMessage());
      events.warning(pod, container, "InspectFailed", message);
      throw new PullFailure("ImageInspectError", message, LATER);
    }
  }

  private static String policy(PodContainer container) {
    String said = container.spec().string("imagePullPolicy");
    if (!said.isEmpty()) {
      return said;
    }
    ImageReference reference = ImageReference.parse(container.image());
    boolean latest = reference.bare() || "latest".equals(reference.tag());
    return latest ? "Always" : "IfNotPresent";
  }

  private void rest(Pod pod, PodContainer container) throws PullFailure {
    Failed last = failed.get(container.image());
    if (last == null) {
      return;
    }
    Instant until = Backoff.until(last.backoff, last.at);
    if (until != null && until.isAfter(world.now())) {
      String message = "Back-off pulling image \"" + container.image() + "\"";
      events.normal(pod, container, "BackOff", message);
      throw new PullFailure(
          "ImagePullBackOff",
          message + ": ErrImagePull: " + last.message,
          Duration.between(world.now(), until));
    }
  }

  private Image pull(Pod pod, PodContainer container) throws PullFailure, InterruptedException {
    String image = container.image();
    events.normal(pod, container, "Pulling", "Pulling image \"" + image + "\"");
    long start = world.nanoTime();
    try {
      Image pulled = fetch(image, secrets.of(pod, image));
      String took = GoDuration.text(Duration.ofMillis((world.nanoTime() - start) / 1_000_000));
      events.normal(
          pod,
          container,
          "Pulled",
          "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
              .formatted(image, took, took, pulled.size()));
      failed.remove(image);
      return pulled;
    } catch (RuntimeFailure e) {
      String message = e.getMessage() == null ? e.description() : e.getMessage();
      events.warning(
          pod, container, "Failed", "Failed to pull image \"%s\": %s".formatted(image, message));
      Instant now = world.now();
      Failed last = failed.get(image);
      failed.put(
          image,
          new Failed(Backoff.next(last == null ? null : last.backoff, now, now), now, message));
      throw new PullFailure("ErrImagePull", message, SOON);
    }
  }

  /// Tries what might be allowed to have the image, in order; without anything if there is nothing.
  private Image fetch(String image, List<RegistryAuth> keys) throws InterruptedException {
    RuntimeFailure refused = null;
    for (RegistryAuth key : keys) {
      try {
        return pulled(images.pull(image, key));
      } catch (RuntimeFailure e) {
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
    return pulled(images.pull(image, null));
  }

  private Image pulled(String id) throws InterruptedException {
    Image image = images.find(id);
    if (image == null) {
      throw new RuntimeFailure(
          RuntimeFailure.Reason.NOT_FOUND, "NotFound", "the image is gone again: " + id, null);
    }
    return image;
  }
}
