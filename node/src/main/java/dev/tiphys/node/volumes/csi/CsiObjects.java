package dev.tiphys.node.volumes.csi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.volumes.ServiceAccountTokens;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.node.volumes.ledger.Digests;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// What the API says that drivers are to be told: of themselves, of attachments, secrets and Pods.
///
/// Threads: any.
public final class CsiObjects {
  private static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";

  private final Api api;
  private final ServiceAccountTokens tokens;
  private final String node;

  /// @param node the Node's name
  public CsiObjects(Api api, ServiceAccountTokens tokens, String node) {
    this.api = api;
    this.tokens = tokens;
    this.node = node;
  }

  /// The name of this node.
  String node() {
    return node;
  }

  /// The spec of a driver's CSIDriver object; empty if there is none.
  Struct driver(String name) throws VolumeFailure {
    try {
      Struct driver = api.find(ApiResource.CSI_DRIVERS, "", name);
      return driver == null ? Struct.EMPTY : driver.struct("spec");
    } catch (ApiException e) {
      throw new VolumeFailure(e.message());
    }
  }

  /// Whether volumes have to be attached first. They have, unless the driver says otherwise.
  static boolean attaches(Struct driver) {
    return !(driver.get("attachRequired") instanceof Boolean required) || required;
  }

  /// The name of the object that attaches a volume to this node.
  String attachment(String driver, String handle) {
    return "csi-" + Digests.sha256(handle + driver + node);
  }

  /// What the attachment of a volume has brought for the node to know.
  ///
  /// @throws VolumeFailure if it is not attached
  Map<String, String> attached(String driver, String handle) throws VolumeFailure {
    Struct attachment;
    try {
      attachment = api.find(ApiResource.VOLUME_ATTACHMENTS, "", attachment(driver, handle));
    } catch (ApiException e) {
      throw new VolumeFailure(e.message());
    }
    if (attachment == null
        || Meta.of(attachment).isBeingDeleted()
        || !attachment.bool("status", "attached")) {
      throw VolumeFailure.waiting("the volume is not attached to the node");
    }
    return texts(attachment.struct("status", "attachmentMetadata"));
  }

  /// The values of a Secret that a volume names; none if it names none.
  ///
  /// @param field what names it: `nodeStageSecretRef`
  Map<String, String> secret(CsiSource volume, String field) throws VolumeFailure {
    Struct reference = volume.source().struct(field);
    if (reference.isEmpty()) {
      return Map.of();
    }
    String namespace =
        volume.inline() ? volume.request().pod().namespace() : reference.string("namespace");
    String name = reference.string("name");
    try {
      Map<String, String> values = new HashMap<>();
      api.get(ApiResource.SECRETS, namespace, name)
          .struct("data")
          .forEach(
              (key, value) ->
                  values.put(
                      key,
                      new String(
                          Base64.getDecoder().decode(String.valueOf(value)),
                          StandardCharsets.UTF_8)));
      return values;
    } catch (ApiException e) {
      throw new VolumeFailure(
          ("fetching %s %s/%s failed: kubernetes.io/csi: failed to find the secret %s in the"
                  + " namespace %s with error: %s")
              .formatted(
                  Character.toUpperCase(field.charAt(0)) + field.substring(1),
                  namespace,
                  name,
                  name,
                  namespace,
                  e.message()));
    }
  }

  /// What a driver wants to know of the Pod that it publishes a volume for.
  static Map<String, String> podInfo(Struct driver, Pod pod, boolean inline) {
    if (!driver.bool("podInfoOnMount")) {
      return Map.of();
    }
    return Map.of(
        "csi.storage.k8s.io/pod.name", pod.name(),
        "csi.storage.k8s.io/pod.namespace", pod.namespace(),
        "csi.storage.k8s.io/pod.uid", pod.uid(),
        "csi.storage.k8s.io/serviceAccount.name", pod.spec().string("serviceAccountName"),
        "csi.storage.k8s.io/ephemeral", Boolean.toString(inline));
  }

  /// The tokens of the Pod's account that a driver wants, by audience.
  Map<String, String> tokens(Struct driver, Pod pod) throws VolumeFailure {
    StructBuilder byAudience = new StructBuilder();
    for (Struct request : driver.structs("tokenRequests")) {
      ServiceAccountTokens.Token token = tokens.token(request, pod);
      byAudience.add(
          request.string("audience"),
          Struct.of("token", token.text(), "expirationTimestamp", token.expires()));
    }
    Struct all = byAudience.build();
    return all.isEmpty() ? Map.of() : Map.of(TOKENS, Json.text(all));
  }

  private static Map<String, String> texts(Struct struct) {
    Map<String, String> texts = new HashMap<>();
    struct.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }
}
