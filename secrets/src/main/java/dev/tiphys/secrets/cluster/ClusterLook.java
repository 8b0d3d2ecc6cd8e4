package dev.tiphys.secrets.cluster;

import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.metrics.SyncMetrics;
import dev.tiphys.secrets.model.ClusterExternalSecret;
import dev.tiphys.secrets.model.Finalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One look at one ClusterExternalSecret: its ExternalSecret is in the namespaces that it selects,
/// and in no other.
final class ClusterLook {

  private static final Finalizer FINALIZER =
      new Finalizer(
          CLUSTER_EXTERNAL_SECRETS,
          "externalsecrets.external-secrets.io/clusterexternalsecret-cleanup");

  private static final String TAKEN = "external secret already exists in namespace";

  private final Api api;
  private final Informer namespaces;
  private final OwnerIndex externals;
  private final SyncMetrics metrics;
  private final ClusterExternalSecret secret;
  private final Finalizer ofNamespaces;
  private final Map<String, String> failed = new TreeMap<>();
  private boolean again;

  ClusterLook(
      Api api,
      Informer namespaces,
      OwnerIndex externals,
      SyncMetrics metrics,
      ClusterExternalSecret secret) {
    this.api = api;
    this.namespaces = namespaces;
    this.externals = externals;
    this.metrics = metrics;
    this.secret = secret;
    this.ofNamespaces = new Finalizer(ApiResource.NAMESPACES, secret.namespaceFinalizer());
  }

  Outcome run() {
    if (secret.meta().isBeingDeleted()) {
      return end();
    }
    if (!FINALIZER.isOn(secret.object())) {
      Struct _ = FINALIZER.add(api, secret.object());
      return Outcome.DONE; // it is looked at again for that change
    }
    List<Struct> selected;
    try {
      selected = namespaces.list().stream().filter(secret::selects).toList();
    } catch (IllegalArgumentException e) {
      failed.put("unknown", "failed to convert label selector: " + e.getMessage());
      tell(secret.provisioned());
      return Outcome.DONE; // until it is changed
    }
    TreeSet<String> left = held();
    selected.forEach(namespace -> left.remove(Meta.of(namespace).name()));
    outdated(selected);
    left.forEach(namespace -> trying(namespace, () -> release(namespace)));
    List<String> provisioned = new ArrayList<>();
    for (Struct namespace : selected) {
      if (provision(namespace)) {
        provisioned.add(Meta.of(namespace).name());
      }
    }
    left.retainAll(failed.keySet()); // they still have it, and it is tried again
    provisioned.addAll(left);
    tell(provisioned.stream().sorted().toList());
    return again ? Outcome.RETRY : Outcome.again(secret.interval());
  }

  private boolean provision(Struct namespace) {
    Meta meta = Meta.of(namespace);
    if (meta.isBeingDeleted()) {
      trying(meta.name(), () -> ofNamespaces.remove(api, namespace));
      return false;
    }
    return trying(meta.name(), () -> put(namespace));
  }

  private void put(Struct object) {
    Meta namespace = Meta.of(object);
    Struct existing = api.find(EXTERNAL_SECRETS, namespace.name(), secret.externalName());
    if (existing != null && !secret.owns(existing)) {
      failed.put(namespace.name(), TAKEN);
      return;
    }
    if (!ofNamespaces.isOn(object)) {
      Struct _ = ofNamespaces.add(api, object);
    }
    Struct wanted = secret.external(namespace.name(), existing);
    try {
      write(existing, wanted);
    } catch (ApiException e) {
      throw ApiException.of(
          e.reason(), "could not create or update ExternalSecret: " + e.message());
    }
  }

  private void write(@Nullable Struct existing, Struct wanted) {
    if (existing == null) {
      Struct _ = api.create(EXTERNAL_SECRETS, wanted);
    } else if (!wanted.equals(existing.without("status"))) {
      Struct _ = api.update(EXTERNAL_SECRETS, wanted);
    }
  }

  /// Deletes those of its ExternalSecrets that have another name, or are elsewhere.
  private void outdated(List<Struct> selected) {
    Set<ObjectKey> wanted = new HashSet<>();
    selected.forEach(
        namespace -> wanted.add(new ObjectKey(Meta.of(namespace).name(), secret.externalName())));
    for (Struct external : externals.ownedBy(secret.meta().uid())) {
      ObjectKey key = ObjectKey.of(external);
      if (!wanted.contains(key)) {
        trying(key.namespace(), () -> delete(external));
      }
    }
  }

  /// The namespaces that were given its ExternalSecret, even if that could not be told.
  private TreeSet<String> held() {
    TreeSet<String> held = new TreeSet<>(secret.provisioned());
    for (Struct namespace : namespaces.list()) {
      if (ofNamespaces.isOn(namespace)) {
        held.add(Meta.of(namespace).name());
      }
    }
    return held;
  }

  private void release(String namespace) {
    Struct found = namespaces.find("", namespace);
    if (found != null) {
      ofNamespaces.remove(api, found);
    }
  }

  private void delete(Struct external) {
    Meta meta = Meta.of(external);
    if (meta.isBeingDeleted()) {
      return;
    }
    try {
      api.delete(EXTERNAL_SECRETS, meta.namespace(), meta.name(), DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw ApiException.of(
            e.reason(),
            "external secret in non matching namespace could not be deleted: " + e.message());
      }
    }
  }

  /// Does something in a namespace. What fails there is told, and is no matter of the others.
  private boolean trying(String namespace, Runnable action) {
    try {
      action.run();
      return !failed.containsKey(namespace);
    } catch (ApiException e) {
      failed.put(namespace, e.message());
      again = true;
      return false;
    }
  }

  private Outcome end() {
    outdated(List.of());
    held().forEach(namespace -> trying(namespace, () -> release(namespace)));
    if (again) {
      return Outcome.RETRY;
    }
    FINALIZER.remove(api, secret.object());
    return Outcome.DONE;
  }

  private void tell(List<String> provisioned) {
    boolean well = failed.isEmpty();
    Struct condition = Struct.of("type", "Ready", "status", well ? "True" : "False");
    List<Struct> failures = new ArrayList<>();
    failed.forEach(
        (namespace, reason) -> failures.add(Struct.of("namespace", namespace, "reason", reason)));
    Struct status =
        Struct.of(
                "conditions",
                List.of(
                    well ? condition : condition.with("message", "one or more namespaces failed")),
                "externalSecretName",
                secret.externalName())
            .with("failedNamespaces", failures)
            .with("provisionedNamespaces", provisioned);
    metrics.condition(
        CLUSTER_EXTERNAL_SECRETS, secret.meta().key(), "Ready", well ? "True" : "False");
    if (!status.equals(secret.status())) {
      Struct _ =
          api.patch(
              CLUSTER_EXTERNAL_SECRETS,
              "",
              secret.name(),
              "status",
              PatchType.MERGE,
              Struct.of("status", status));
    }
  }
}
