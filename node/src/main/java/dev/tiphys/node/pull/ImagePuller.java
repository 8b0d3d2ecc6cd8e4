package dev.tiphys.node.pull;

import dev.tiphys.node.images.ImageReference;
import dev.tiphys.node.images.InvalidReferenceException;
import dev.tiphys.node.images.LoadedImages;
import dev.tiphys.node.pod.Backoff;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.ImageStore;
import dev.tiphys.node.runtime.RegistryAuth;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes sure that the images of a Pod, those of its containers and those that are its volumes, are
/// on the node, as their pull policies say. One for each Pod, since each Pod has its own back-off.
///
/// Beyond upstream, an image that was loaded from an archive serves with the policy Always, too,
/// where its registry cannot be reached: there is none that could be newer.
///
/// Threads: the Pod's worker.
public final class ImagePuller {
  /// How soon after a failure the container is shown to rest.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration LATER = Duration.ofSeconds(10);

  /// What containerd says of registries that do not answer; those that refuse are told otherwise.
  private static final String UNREACHABLE = "failed to do request";

  private final World world;
  private final ImageStore images;
  private final LoadedImages loaded;
  private final PullSecrets secrets;
  private final PodEvents events;
  private final Map<String, Failed> failed = new HashMap<>();

  /// An image that could not be pulled.
  private record Failed(Backoff backoff, Instant at, String message) {}

  /// @param loaded the images that serve where their registries cannot be reached
  public ImagePuller(
      World world, ImageStore images, LoadedImages loaded, PullSecrets secrets, PodEvents events) {
    this.world = world;
    this.images = images;
    this.loaded = loaded;
    this.secrets = secrets;
    this.events = events;
  }

  /// An image that a Pod needs.
  ///
  /// @param container whose image it is; null if it is a volume
  /// @param said the pull policy; empty if that depends on the image
  private record Wanted(Pod pod, @Nullable PodContainer container, String image, String said) {

    String policy() {
      if (!said.isEmpty()) {
        return said;
      }
      ImageReference reference = ImageReference.parse(image);
      boolean latest = reference.bare() || "latest".equals(reference.tag());
      return latest ? "Always" : "IfNotPresent";
    }
  }

  /// A container's image, pulled if need be.
  public Image image(Pod pod, PodContainer container) throws PullFailure, InterruptedException {
    String policy = container.spec().string("imagePullPolicy");
    return image(new Wanted(pod, container, container.image(), policy));
  }

  /// The image that a volume of the Pod is, pulled if need be.
  ///
  /// @param source the volume's `image`
  public Image volume(Pod pod, Struct source) throws PullFailure, InterruptedException {
    String policy = source.string("pullPolicy");
    return image(new Wanted(pod, null, source.string("reference"), policy));
  }

  private Image image(Wanted wanted) throws PullFailure, InterruptedException {
    String image = wanted.image;
    try {
      ImageReference.parse(image);
    } catch (InvalidReferenceException e) {
      String message =
          "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": %s"
              .formatted(image, image, e.getMessage());
      warning(wanted, "InspectFailed", message);
      throw new PullFailure("InvalidImageName", message, LATER);
    }
    Image here = find(wanted);
    String policy = wanted.policy();
    if (here != null && !policy.equals("Always")) {
      normal(
          wanted,
          "Pulled",
          "Container image \"%s\" already present on machine and can be accessed by the pod"
              .formatted(image));
      return here;
    }
    if (policy.equals("Never")) {
      String message = "Container image \"%s\" is not present with pull policy of Never";
      warning(wanted, "ErrImageNeverPull", message.formatted(image));
      throw new PullFailure("ErrImageNeverPull", message.formatted(image), LATER);
    }
    rest(wanted);
    return pull(wanted, here != null && loaded.has(image) ? here : null);
  }

  private void normal(Wanted wanted, String reason, String message) {
    if (wanted.container == null) {
      events.normal(wanted.pod, reason, message);
    } else {
      events.normal(wanted.pod, wanted.container, reason, message);
    }
  }

  private void warning(Wanted wanted, String reason, String message) {
    if (wanted.container == null) {
      events.warning(wanted.pod, reason, message);
    } else {
      events.warning(wanted.pod, wanted.container, reason, message);
    }
  }

  private @Nullable Image find(Wanted wanted) throws PullFailure, InterruptedException {
    try {
      return images.find(wanted.image);
    } catch (RuntimeFailure e) {
      String message = "Failed to inspect image \"%s\": %s".formatted(wanted.image, e.getMessage());
      warning(wanted, "InspectFailed", message);
      throw new PullFailure("ImageInspectError", message, LATER);
    }
  }

  private void rest(Wanted wanted) throws PullFailure {
    Failed last = failed.get(wanted.image);
    if (last == null) {
      return;
    }
    Instant until = Backoff.until(last.backoff, last.at);
    if (until != null && until.isAfter(world.now())) {
      String message = "Back-off pulling image \"" + wanted.image + "\"";
      normal(wanted, "BackOff", message);
      throw new PullFailure(
          "ImagePullBackOff",
          message + ": ErrImagePull: " + last.message,
          Duration.between(world.now(), until));
    }
  }

  /// @param otherwise what is used if the registry cannot be reached; null for nothing
  private Image pull(Wanted wanted, @Nullable Image otherwise)
      throws PullFailure, InterruptedException {
    String image = wanted.image;
    normal(wanted, "Pulling", "Pulling image \"" + image + "\"");
    long start = world.nanoTime();
    try {
      Image pulled = fetch(image, secrets.of(wanted.pod, image));
      String took = GoDuration.text(Duration.ofMillis((world.nanoTime() - start) / 1_000_000));
      normal(
          wanted,
          "Pulled",
          "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
              .formatted(image, took, took, pulled.size()));
      failed.remove(image);
      return pulled;
    } catch (RuntimeFailure e) {
      if (otherwise != null && e.description().contains(UNREACHABLE)) {
        normal(
            wanted,
            "Pulled",
            "Container image \"%s\" was loaded from an archive and is used, since its registry cannot be reached"
                .formatted(image));
        return otherwise;
      }
      String message = e.getMessage() == null ? e.description() : e.getMessage();
      warning(wanted, "Failed", "Failed to pull image \"%s\": %s".formatted(image, message));
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
