package dev.tiphys.node.pull;

import dev.tiphys.client.ApiResource;
import dev.tiphys.node.images.ImageReference;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.runtime.RegistryAuth;
import dev.tiphys.node.spec.References;
import dev.tiphys.node.spec.StartFailure;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a Pod may show to a registry: the Secrets that it names.
///
/// Threads: any.
public final class PullSecrets {
  private static final String CONFIG = ".dockerconfigjson";
  private static final String OLD_CONFIG = ".dockercfg";
  private static final String OLD_DOCKER = "https://index.docker.io/v1/";

  private final References references;
  private final PodEvents events;

  public PullSecrets(References references, PodEvents events) {
    this.references = references;
    this.events = events;
  }

  /// What to try, for this image.
  List<RegistryAuth> of(Pod pod, String image) {
    List<Struct> named = pod.spec().structs("imagePullSecrets");
    if (named.isEmpty()) {
      return List.of();
    }
    ImageReference reference = ImageReference.parse(image);
    List<RegistryAuth> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Struct secret : named) {
      String name = secret.string("name");
      try {
        Map<String, byte[]> data =
            references.data(ApiResource.SECRETS, pod.namespace(), name, false);
        found.addAll(matching(entries(data), reference));
      } catch (StartFailure e) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      events.warning(
          pod,
          "FailedToRetrieveImagePullSecret",
          "Unable to retrieve some image pull secrets (%s); attempting to pull the image may not succeed."
              .formatted(String.join(", ", missing)));
    }
    return found;
  }

  private static Struct entries(@Nullable Map<String, byte[]> data) {
    if (data == null) {
      return Struct.EMPTY;
    }
    try {
      byte[] config = data.get(CONFIG);
      if (config != null) {
        return Json.struct(config).struct("auths");
      }
      byte[] old = data.get(OLD_CONFIG);
      return old == null ? Struct.EMPTY : Json.struct(old);
    } catch (EncodingException _) {
      return Struct.EMPTY; // not what it says it is
    }
  }

  private static List<RegistryAuth> matching(Struct entries, ImageReference image) {
    List<RegistryAuth> found = new ArrayList<>();
    for (String server : entries.names()) {
      Struct entry = entries.struct(server);
      String host = server.equals(OLD_DOCKER) ? "docker.io" : server.replaceFirst("^https?://", "");
      host = host.endsWith("/") ? host.substring(0, host.length() - 1) : host;
      if (image.domain().equals(host) || image.name().startsWith(host + "/")) {
        found.add(
            new RegistryAuth(
                entry.string("username"),
                entry.string("password"),
                entry.string("auth"),
                host,
                entry.string("identitytoken"),
                entry.string("registrytoken")));
      }
    }
    return found;
  }
}
