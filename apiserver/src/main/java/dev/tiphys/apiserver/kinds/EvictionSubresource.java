package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Statuses;
import dev.tiphys.apiserver.endpoints.Subresource;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Precondition;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.rules.OptionsValidation;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// `pods/eviction`: deletes a Pod, unless a PodDisruptionBudget forbids it.
public final class EvictionSubresource implements Subresource {

  private static final GroupVersion VERSION = new GroupVersion("policy", "v1");
  private static final Type TYPE = TypeTable.BUILT_IN.type("io.k8s.api.policy.v1.Eviction");
  private static final int MOST_DISRUPTED = 2_000;
  private static final int RETRY_SECONDS = 10;

  private final World world;
  private final Supplier<Registry> budgets;

  /// @param budgets the PodDisruptionBudgets
  public EvictionSubresource(World world, Supplier<Registry> budgets) {
    this.world = world;
    this.budgets = budgets;
  }

  @Override
  public Struct create(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    Admission.Request request = target.admission(call, Admission.Operation.CREATE);
    Admission admission = target.endpoint().registry().admission(call);
    Struct eviction =
        admission.mutate(
            request,
            Decoding.ofKind(call, inNewVersion(tree), VERSION, "Eviction", TYPE, findings),
            null);
    if (!eviction.string("metadata", "name").equals(target.name())) {
      throw ApiException.badRequest("name in URL does not match name in Eviction object");
    }
    admission.validate(request, eviction, null);
    Struct options = eviction.struct("deleteOptions");
    Call own = dryRun(call, options).admitted();
    FieldErrors errors = OptionsValidation.delete(options);
    if (!errors.isEmpty()) {
      throw Invalid.refusal(new GroupKind("meta.k8s.io", "DeleteOptions"), "", errors);
    }
    Registry pods = target.endpoint().registry();
    DeleteRequest deletion = deleteRequest(eviction);
    Struct pod = pods.get(target.namespace(), target.name()).object();
    if (isCounted(pod)) {
      Precondition.check(pods.resource(), deletion, pod);
      List<Struct> matching = matching(pod);
      if (matching.size() > 1) {
        throw ApiException.of(
            Reason.INTERNAL_ERROR,
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
                + " support.");
      }
      if (!matching.isEmpty()) {
        take(own, matching.getFirst(), pod);
      }
      deletion = marked(own, target, deletion);
    }
    pods.delete(own, target.namespace(), target.name(), deletion);
    return Statuses.created();
  }

  /// The versions of Eviction differ in nothing but their name.
  private static Struct inNewVersion(Struct tree) {
    return tree.string("apiVersion").equals("policy/v1beta1")
        ? tree.with("apiVersion", VERSION.toString())
        : tree;
  }

  /// The request may say in two places that it is a dry run, but not two different things.
  private static Call dryRun(Call call, Struct options) {
    List<String> inside = options.strings("dryRun");
    if (call.dryRun() && !inside.isEmpty() && !inside.equals(List.of("All"))) {
      throw ApiException.badRequest(
          "Non-matching dry-run options in request and content: [All] and " + GoPrint.text(inside));
    }
    return inside.contains("All") ? call.asDryRun() : call;
  }

  /// Tells in the Pod's status why it ends. Returns what its deletion is to ask for now.
  private DeleteRequest marked(Call call, Target target, DeleteRequest deletion) {
    Registry pods = target.endpoint().registry();
    Stored marked =
        pods.updateStatus(
            call,
            target.namespace(),
            target.name(),
            Change.unconditional(
                old -> {
                  Precondition.check(pods.resource(), deletion, old);
                  return withCondition(old.withoutAt("metadata", "resourceVersion"));
                }));
    boolean conditional = !deletion.resourceVersion().isEmpty() && !call.dryRun();
    return conditional
        ? new DeleteRequest(
            deletion.grace(),
            deletion.propagation(),
            deletion.uid(),
            marked.object().string("metadata", "resourceVersion"))
        : deletion;
  }

  private static DeleteRequest deleteRequest(Struct eviction) {
    Struct options = eviction.struct("deleteOptions");
    return new DeleteRequest(
        options.has("gracePeriodSeconds") ? options.integer("gracePeriodSeconds") : null,
        options.string("propagationPolicy"),
        options.string("preconditions", "uid"),
        options.string("preconditions", "resourceVersion"));
  }

  /// Whether the Pod's end counts as a disruption: not if it never ran, or is over.
  private static boolean isCounted(Struct pod) {
    String phase = pod.string("status", "phase");
    return !Meta.of(pod).isBeingDeleted()
        && !phase.equals("Pending")
        && !phase.equals("Succeeded")
        && !phase.equals("Failed");
  }

  private List<Struct> matching(Struct pod) {
    ListQuery all = ListQuery.everything();
    ListQuery query =
        new ListQuery(Meta.of(pod).namespace(), all.labels(), all.fields(), all.version(), 0, "");
    List<Struct> matching = new ArrayList<>();
    for (Stored budget : budgets.get().list(query).items()) {
      Struct spec = budget.object().struct("spec");
      boolean selects =
          spec.get("selector") instanceof Struct selector
              && LabelSelector.from(selector).matches(Meta.of(pod).labels());
      if (selects) {
        matching.add(budget.object());
      }
    }
    return matching;
  }

  /// Takes one disruption from the budget, if the Pod's end needs one.
  private void take(Call call, Struct budget, Struct pod) {
    Meta meta = Meta.of(budget);
    budgets
        .get()
        .updateStatus(
            call,
            meta.namespace(),
            meta.name(),
            Change.unconditional(
                present -> {
                  Struct status = present.struct("status");
                  if (status.integer("observedGeneration") < Meta.of(present).generation()) {
                    throw refusal(
                            "The disruption budget "
                                + meta.name()
                                + " is still being processed by the server.")
                        .retryAfter(RETRY_SECONDS);
                  }
                  if (!Meta.isTrue(pod, "Ready") && mayGoUnhealthy(present)) {
                    return present;
                  }
                  return taken(present, pod).withoutAt("metadata", "resourceVersion");
                }));
  }

  private static boolean mayGoUnhealthy(Struct budget) {
    if (budget.string("spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow")) {
      return true;
    }
    Struct status = budget.struct("status");
    long desired = status.integer("desiredHealthy");
    return desired > 0 && status.integer("currentHealthy") >= desired;
  }

  private Struct taken(Struct budget, Struct pod) {
    Struct status = budget.struct("status");
    String name = Meta.of(budget).name();
    long allowed = status.integer("disruptionsAllowed");
    if (status.struct("disruptedPods").size() >= MOST_DISRUPTED) {
      throw ApiException.forbidden(
          "poddisruptionbudgets.policy",
          name,
          "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if (allowed <= 0) {
      throw refusal(
          "The disruption budget "
              + name
              + " needs "
              + status.integer("desiredHealthy")
              + " healthy pods and has "
              + status.integer("currentHealthy")
              + " currently");
    }
    Struct disrupted =
        status.struct("disruptedPods").with(Meta.of(pod).name(), Timestamps.seconds(world.now()));
    return budget.with(
        "status", status.with("disruptionsAllowed", allowed - 1).with("disruptedPods", disrupted));
  }

  private static ApiException refusal(String cause) {
    Struct told = Struct.of("reason", "DisruptionBudget", "message", cause);
    return ApiException.of(
        Reason.TOO_MANY_REQUESTS,
        "Cannot evict pod as it would violate the pod's disruption budget.",
        Struct.of("causes", List.of(told)));
  }

  private Struct withCondition(Struct pod) {
    Struct condition =
        new StructBuilder()
            .add("type", "DisruptionTarget")
            .add("status", "True")
            .add("reason", "EvictionByEvictionAPI")
            .add("message", "Eviction API: evicting")
            .add("lastProbeTime", Null.NULL)
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    List<Object> conditions = new ArrayList<>();
    for (Struct other : pod.structs("status", "conditions")) {
      if (!other.string("type").equals("DisruptionTarget")) {
        conditions.add(other);
      }
    }
    conditions.add(condition);
    return pod.withAt(List.copyOf(conditions), "status", "conditions");
  }
}
