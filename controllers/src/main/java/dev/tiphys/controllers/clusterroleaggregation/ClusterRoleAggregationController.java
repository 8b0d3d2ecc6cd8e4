package dev.tiphys.controllers.clusterroleaggregation;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Gives each ClusterRole with an aggregation rule the rules of all ClusterRoles that it selects.
///
/// The rules are applied, not written with the rest of the object: a manifest that leaves them out
/// does not take them away.
public final class ClusterRoleAggregationController implements Component {

  /// The name of the controller, and the manager of the rules.
  public static final String NAME = "clusterrole-aggregation-controller";

  private static final ApiResource CLUSTER_ROLES =
      new ApiResource(
          new GroupVersion("rbac.authorization.k8s.io", "v1"),
          "clusterroles",
          "ClusterRole",
          false);

  private final Api api;
  private final Informer roles;
  private final Controller controller;

  public ClusterRoleAggregationController(World world, Api api, ClusterView cluster, int workers) {
    this.api = api;
    this.roles = cluster.of(CLUSTER_ROLES);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    roles.listen(Informer.Listener.ofAll(this::changed));
  }

  /// Any role may be selected, before or after its change, by any other that gathers.
  private void changed(Struct role) {
    for (Struct each : roles.list()) {
      if (each.has("aggregationRule")) {
        controller.queue().add(Meta.of(each).key(), Meta.of(role).revision());
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct role = roles.find(key);
    if (role == null || !role.has("aggregationRule")) {
      return Outcome.DONE;
    }
    List<Struct> rules = gathered(role);
    if (rules.equals(role.structs("rules"))) {
      return Outcome.DONE;
    }
    Struct applied =
        new StructBuilder()
            .add("apiVersion", CLUSTER_ROLES.apiVersion())
            .add("kind", CLUSTER_ROLES.kind())
            .add("metadata", Struct.of("name", key.name()))
            .addUnlessEmpty("rules", rules)
            .build();
    try {
      api.patch(CLUSTER_ROLES, "", key.name(), "", PatchType.APPLY, applied);
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT)) {
        throw e;
      }
      // it has changed meanwhile: the informer tells how
    }
    return Outcome.DONE;
  }

  private List<Struct> gathered(Struct role) {
    String own = Meta.of(role).name();
    List<Struct> rules = new ArrayList<>();
    for (Struct selector : role.structs("aggregationRule", "clusterRoleSelectors")) {
      LabelSelector selected = LabelSelector.from(selector);
      roles.list().stream()
          .filter(each -> selected.matches(Meta.of(each).labels()))
          .filter(each -> !Meta.of(each).name().equals(own))
          .sorted(Comparator.comparing(each -> Meta.of(each).name()))
          .flatMap(each -> each.structs("rules").stream())
          .filter(rule -> !rules.contains(rule))
          .forEach(rules::add);
    }
    return rules;
  }

  @Override
  public void close() {
    controller.close();
  }
}
