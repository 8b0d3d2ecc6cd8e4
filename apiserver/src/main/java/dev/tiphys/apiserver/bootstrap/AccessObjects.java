package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.apiserver.authorization.rbac.Coverage;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings the roles and bindings that every cluster has to what they must give at least. What was
/// added to them stays; an object whose annotation says that it is not to be updated stays as it
/// is.
final class AccessObjects {

  private static final GroupVersion GROUP = new GroupVersion("rbac.authorization.k8s.io", "v1");
  private static final ApiResource CLUSTER_ROLES =
      new ApiResource(GROUP, "clusterroles", "ClusterRole", false);
  private static final ApiResource CLUSTER_ROLE_BINDINGS =
      new ApiResource(GROUP, "clusterrolebindings", "ClusterRoleBinding", false);
  private static final ApiResource ROLES = new ApiResource(GROUP, "roles", "Role", true);
  private static final ApiResource ROLE_BINDINGS =
      new ApiResource(GROUP, "rolebindings", "RoleBinding", true);

  /// How often an object is tried that other servers change at the same time.
  private static final int TRIES = 5;

  private final Api api;
  private final FeatureGates gates;

  /// Puts an object that there is together with what it must give; null if that can't be done.
  private interface Joining {
    @Nullable Struct of(Struct present, Struct wanted);
  }

  AccessObjects(Api api, FeatureGates gates) {
    this.api = api;
    this.gates = gates;
  }

  void reconcile() {
    reconcile(CLUSTER_ROLES, AccessDefaults.clusterRoles(gates), AccessObjects::role);
    reconcile(
        CLUSTER_ROLE_BINDINGS, AccessDefaults.clusterRoleBindings(gates), AccessObjects::binding);
    reconcile(ROLES, AccessDefaults.roles(), AccessObjects::role);
    reconcile(ROLE_BINDINGS, AccessDefaults.roleBindings(), AccessObjects::binding);
    retire();
  }

  /// Takes away what an earlier release let proxies do: to write any Lease of kube-system.
  private void retire() {
    for (ApiResource resource : List.of(ROLE_BINDINGS, ROLES)) {
      Struct present = api.find(resource, "kube-system", "system:tiphys:proxy-switches");
      if (present != null) {
        delete(resource, present);
      }
    }
    api.list(ApiResource.LEASES, "kube-system", ListOptions.withLabels("tiphys.dev/proxy"))
        .items()
        .forEach(lease -> delete(ApiResource.LEASES, lease));
  }

  /// Looks at all of a kind at once: a new cluster has none of them.
  private void reconcile(ApiResource resource, List<Struct> all, Joining joined) {
    Map<ObjectKey, Struct> present = new HashMap<>();
    api.list(resource, "", ListOptions.ALL)
        .items()
        .forEach(object -> present.put(ObjectKey.of(object), object));
    for (Struct wanted : all) {
      reconcile(resource, wanted, present.get(ObjectKey.of(wanted)), joined);
    }
  }

  private void reconcile(
      ApiResource resource, Struct wanted, @Nullable Struct first, Joining joined) {
    Struct present = first;
    for (int tries = 1; ; tries++) {
      try {
        attempt(resource, wanted, present, joined);
        return;
      } catch (ApiException e) {
        boolean passing = e.is(Reason.ALREADY_EXISTS, Reason.CONFLICT, Reason.NOT_FOUND);
        if (!passing || tries == TRIES) {
          throw e;
        }
        ObjectKey key = ObjectKey.of(wanted);
        present = api.find(resource, key.namespace(), key.name());
      }
    }
  }

  private void attempt(
      ApiResource resource, Struct wanted, @Nullable Struct present, Joining joined) {
    if (present == null) {
      api.create(resource, wanted);
      return;
    }
    if (present.string("metadata", "annotations", AccessDefaults.AUTO_UPDATE).equals("false")) {
      return;
    }
    Struct next = joined.of(present, wanted);
    if (next == null) {
      replace(resource, present, wanted);
    } else if (!next.equals(present)) {
      api.update(resource, next);
    }
  }

  /// A binding refers to one role for ever: another one takes another binding.
  private void replace(ApiResource resource, Struct present, Struct wanted) {
    delete(resource, present);
    api.create(resource, wanted);
  }

  private void delete(ApiResource resource, Struct present) {
    Struct metadata = present.struct("metadata");
    try {
      api.delete(
          resource,
          metadata.string("namespace"),
          metadata.string("name"),
          new DeleteOptions(-1, "", metadata.string("uid"), ""));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) { // another server was faster
        throw e;
      }
    }
  }

  private static Struct role(Struct present, Struct wanted) {
    Struct next = marked(present, wanted);
    List<Struct> rules = present.structs("rules");
    if (!rules.equals(wanted.structs("rules"))) { // the usual case is far quicker to tell
      List<Struct> missing = Coverage.missing(rules, wanted.structs("rules"));
      next = missing.isEmpty() ? next : next.with("rules", joined(rules, missing));
    }
    List<Struct> selectors = present.structs("aggregationRule", "clusterRoleSelectors");
    List<Struct> missingSelectors =
        new ArrayList<>(wanted.structs("aggregationRule", "clusterRoleSelectors"));
    missingSelectors.removeAll(selectors);
    if (!wanted.has("aggregationRule")) {
      return next.without("aggregationRule");
    }
    return missingSelectors.isEmpty()
        ? next
        : next.withAt(
            joined(selectors, missingSelectors), "aggregationRule", "clusterRoleSelectors");
  }

  /// Null if the present binding is to another role.
  private static @Nullable Struct binding(Struct present, Struct wanted) {
    if (!present.struct("roleRef").equals(wanted.struct("roleRef"))) {
      return null;
    }
    List<Struct> missing = new ArrayList<>(wanted.structs("subjects"));
    missing.removeAll(present.structs("subjects"));
    Struct next = marked(present, wanted);
    return missing.isEmpty()
        ? next
        : next.with("subjects", joined(present.structs("subjects"), missing));
  }

  /// The present object with the labels and annotations that it lacks.
  private static Struct marked(Struct present, Struct wanted) {
    Struct next = present;
    for (String field : List.of("annotations", "labels")) {
      Struct all =
          new StructBuilder()
              .addAll(wanted.struct("metadata", field))
              .addAll(present.struct("metadata", field))
              .build();
      if (!all.isEmpty()) {
        next = next.withAt(all, "metadata", field);
      }
    }
    return next;
  }

  private static List<Struct> joined(List<Struct> some, List<Struct> more) {
    List<Struct> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
