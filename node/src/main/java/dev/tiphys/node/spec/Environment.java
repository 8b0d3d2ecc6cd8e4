package dev.tiphys.node.spec;

import dev.tiphys.client.ApiResource;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The environment of a container: what it takes over from ConfigMaps and Secrets as a whole, then
/// its own variables in order, then what Services there are.
final class Environment {
  private final References references;
  private final ServiceVariables services;

  Environment(References references, ServiceVariables services) {
    this.references = references;
    this.services = services;
  }

  /// The variables, in the order in which they were first said.
  ///
  /// @throws StartFailure if one of them cannot be had
  Map<String, String> of(PodContainer container, DownwardFields fields)
      throws StartFailure, InterruptedException {
    Pod pod = fields.pod();
    boolean links = !pod.spec().has("enableServiceLinks") || pod.spec().bool("enableServiceLinks");
    Map<String, String> ofServices = services.of(pod.namespace(), links);
    Map<String, String> variables = new LinkedHashMap<>();
    for (Struct source : container.spec().structs("envFrom")) {
      addAll(source, pod.namespace(), variables);
    }
    Map<String, String> known = new LinkedHashMap<>(ofServices);
    known.putAll(variables);
    for (Struct variable : container.spec().structs("env")) {
      String name = variable.string("name");
      String value =
          variable.has("valueFrom")
              ? value(variable.struct("valueFrom"), container, fields)
              : Expansion.of(variable.string("value"), known);
      if (value != null) {
        variables.put(name, value);
        known.put(name, value);
      }
    }
    ofServices.forEach(variables::putIfAbsent);
    return variables;
  }

  private void addAll(Struct source, String namespace, Map<String, String> variables)
      throws StartFailure {
    boolean secret = source.has("secretRef");
    Struct reference = source.struct(secret ? "secretRef" : "configMapRef");
    Map<String, byte[]> data =
        references.data(
            secret ? ApiResource.SECRETS : ApiResource.CONFIG_MAPS,
            namespace,
            reference.string("name"),
            reference.bool("optional"));
    if (data != null) {
      data.forEach((key, value) -> variables.put(source.string("prefix") + key, text(value)));
    }
  }

  private @Nullable String value(Struct source, PodContainer container, DownwardFields fields)
      throws StartFailure {
    if (source.has("fieldRef")) {
      return fields.field(source.string("fieldRef", "fieldPath"));
    }
    if (source.has("resourceFieldRef")) {
      return fields.resource(source.struct("resourceFieldRef"), container);
    }
    if (source.has("configMapKeyRef")) {
      return key(ApiResource.CONFIG_MAPS, source.struct("configMapKeyRef"), fields.pod());
    }
    if (source.has("secretKeyRef")) {
      return key(ApiResource.SECRETS, source.struct("secretKeyRef"), fields.pod());
    }
    return null;
  }

  private @Nullable String key(ApiResource resource, Struct reference, Pod pod)
      throws StartFailure {
    boolean optional = reference.bool("optional");
    String name = reference.string("name");
    String key = reference.string("key");
    Map<String, byte[]> data = references.data(resource, pod.namespace(), name, optional);
    byte[] value = data == null ? null : data.get(key);
    if (value == null && !optional) {
      throw StartFailure.noKey(key, resource, pod.namespace(), name);
    }
    return value == null ? null : text(value);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
