package dev.tiphys.controllers.admissionpolicy;

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
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.expressions.TypeCheck;
import dev.tiphys.world.World;
import java.util.List;

/// Checks the expressions of each ValidatingAdmissionPolicy against the kinds that it is about,
/// once for each state of its spec, and says in its status what is wrong.
public final class PolicyStatusController implements Component {

  /// The name of the controller.
  public static final String NAME = "validatingadmissionpolicy-status-controller";

  /// The manager of the status.
  public static final String MANAGER = "validatingadmissionpolicy-status";

  private static final ApiResource POLICIES =
      new ApiResource(
          new GroupVersion("admissionregistration.k8s.io", "v1"),
          "validatingadmissionpolicies",
          "ValidatingAdmissionPolicy",
          false);

  private final Api api;
  private final Informer policies;
  private final Controller controller;

  public PolicyStatusController(World world, Api api, ClusterView cluster, int workers) {
    this.api = api;
    this.policies = cluster.of(POLICIES);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    policies.listen(
        Informer.Listener.ofAll(
            policy -> controller.queue().add(Meta.of(policy).key(), Meta.of(policy).revision())));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct policy = policies.find(key);
    if (policy == null) {
      return Outcome.DONE;
    }
    long generation = policy.struct("metadata").integer("generation");
    if (generation <= policy.struct("status").integer("observedGeneration")) {
      return Outcome.DONE;
    }
    Struct spec = policy.struct("spec");
    MatchedKinds kinds = new MatchedKinds(api);
    List<TypeCheck.Warning> warnings =
        TypeCheck.of(spec, kinds.of(spec), kinds.params(spec.struct("paramKind")));
    Struct applied =
        new StructBuilder()
            .add("apiVersion", POLICIES.apiVersion())
            .add("kind", POLICIES.kind())
            .add("metadata", Struct.of("name", key.name()))
            .add("status", status(generation, warnings))
            .build();
    try {
      api.patch(POLICIES, "", key.name(), "status", PatchType.APPLY, applied);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
      // it is gone
    }
    return Outcome.DONE;
  }

  private static Struct status(long generation, List<TypeCheck.Warning> warnings) {
    List<Struct> told =
        warnings.stream()
            .map(each -> Struct.of("fieldRef", each.field(), "warning", each.text()))
            .toList();
    StructBuilder checked = new StructBuilder().addUnlessEmpty("expressionWarnings", told);
    return Struct.of("observedGeneration", generation, "typeChecking", checked.build());
  }

  @Override
  public void close() {
    controller.close();
  }
}
