package dev.tiphys.delivery.experiment;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.delivery.model.Refusal;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.replicasets.NewReplicaSet;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A look at one template of an Experiment: its ReplicaSet and Service, and how it stands.
///
/// @param again told when the next look is due
record TemplateLook(
    Surroundings around, Experiment experiment, Struct template, Consumer<Instant> again) {

  private String name() {
    return template.string("name");
  }

  /// Does what is due, and tells how the template stands.
  Struct status() {
    Struct before = experiment.templateStatus(name());
    ReplicaSet set = find();
    long wanted = experiment.wanted(template);
    String problem = "";
    String service = before.string("serviceName");
    String hash = before.string("podTemplateHash");
    boolean changed = false;
    try {
      if (set == null) {
        set = wanted > 0 ? create() : null;
        changed = set != null;
      } else {
        Struct present = service(set, wanted);
        service = present == null ? "" : Meta.of(present).name();
        hash = present == null ? "" : set.hash();
        changed = scale(set, wanted);
      }
    } catch (ApiException e) {
      Refusal.orThrow(e);
      problem = "Failed to create or scale template '%s': %s".formatted(name(), e.message());
    }
    StructBuilder status =
        new StructBuilder()
            .add("name", name())
            .add("replicas", set == null ? 0 : set.actual())
            .add("updatedReplicas", set == null ? 0 : set.actual())
            .add("readyReplicas", set == null ? 0 : set.ready())
            .add("availableReplicas", set == null ? 0 : set.available())
            .addUnlessEmpty("serviceName", service)
            .addUnlessEmpty("podTemplateHash", hash);
    Struct next = status.build();
    changed |= hasMoved(before, next);
    String since =
        changed ? Timestamps.seconds(around.world().now()) : before.string("lastTransitionTime");
    next = since.isEmpty() ? next : next.with("lastTransitionTime", since);
    return judged(before, next, wanted, problem);
  }

  private @Nullable ReplicaSet find() {
    Struct found = find(around.setsByOwner());
    return found == null ? null : new ReplicaSet(found);
  }

  private @Nullable Struct find(ObjectIndex index) {
    return index.with(experiment.meta().uid()).stream()
        .filter(object -> Meta.of(object).annotation(Experiment.TEMPLATE).equals(name()))
        .findFirst()
        .orElse(null);
  }

  private @Nullable ReplicaSet create() {
    Struct wanted = new TemplateObjects(experiment, template).replicaSet();
    try {
      Struct made = around.api().create(ApiResource.REPLICA_SETS, wanted);
      around
          .events()
          .normal(
              experiment.object(),
              "NewReplicaSetCreated",
              "Created ReplicaSet " + Meta.of(made).name());
      return new ReplicaSet(made);
    } catch (ApiException e) {
      Meta meta = Meta.of(wanted);
      Struct present =
          e.is(Reason.ALREADY_EXISTS)
              ? around.api().find(ApiResource.REPLICA_SETS, meta.namespace(), meta.name())
              : null;
      if (present != null && Meta.of(present).isControlledBy(experiment.meta().uid())) {
        return new ReplicaSet(present);
      }
      throw e;
    }
  }

  /// The template's Service; null if there is to be none.
  private @Nullable Struct service(ReplicaSet set, long wanted) {
    Struct present = find(around.servicesByOwner());
    boolean needed = template.has("service") && (wanted > 0 || set.available() > 0);
    if (needed && present == null && wanted > 0) {
      return make(new TemplateObjects(experiment, template).service(set.object()));
    }
    if (!needed && present != null) {
      Meta meta = Meta.of(present);
      try {
        Struct _ =
            around
                .api()
                .delete(
                    ApiResource.SERVICES,
                    meta.namespace(),
                    meta.name(),
                    DeleteOptions.withUid(meta.uid()));
      } catch (ApiException e) {
        if (!e.is(Reason.NOT_FOUND)) {
          throw e;
        }
      }
      return null;
    }
    return present;
  }

  private @Nullable Struct make(Struct service) {
    if (service.list("spec", "ports").isEmpty()) {
      return null;
    }
    try {
      return around.api().create(ApiResource.SERVICES, service);
    } catch (ApiException e) {
      Meta meta = Meta.of(service);
      Struct present =
          e.is(Reason.ALREADY_EXISTS)
              ? around.api().find(ApiResource.SERVICES, meta.namespace(), meta.name())
              : null;
      if (present != null && Meta.of(present).isControlledBy(experiment.meta().uid())) {
        return present;
      }
      throw e;
    }
  }

  /// Gives the ReplicaSet its size; none after a while. Returns whether that was another one.
  private boolean scale(ReplicaSet set, long wanted) {
    if (set.replicas() == wanted) {
      return false;
    }
    Struct next = set.object();
    if (wanted == 0) {
      Instant deadline = set.deadline();
      if (deadline == null && experiment.scaleDownDelaySeconds() > 0) {
        deadline = around.world().now().plusSeconds(experiment.scaleDownDelaySeconds());
        next = NewReplicaSet.withDeadline(next, Timestamps.seconds(deadline));
        Struct _ = around.api().update(ApiResource.REPLICA_SETS, next);
      }
      if (deadline != null && deadline.isAfter(around.world().now())) {
        again.accept(deadline);
        return false;
      }
    }
    next = NewReplicaSet.withDeadline(next, "").withAt(wanted, "spec", "replicas");
    Struct _ = around.api().update(ApiResource.REPLICA_SETS, next);
    around
        .events()
        .normal(
            experiment.object(),
            "ScalingReplicaSet",
            "Scaled %s ReplicaSet %s from %d to %d"
                .formatted(
                    set.replicas() < wanted ? "up" : "down", set.name(), set.replicas(), wanted));
    return true;
  }

  private static boolean hasMoved(Struct before, Struct next) {
    return before.integer("replicas") != next.integer("replicas")
        || before.integer("readyReplicas") != next.integer("readyReplicas")
        || before.integer("availableReplicas") != next.integer("availableReplicas");
  }

  private Struct judged(Struct before, Struct next, long wanted, String problem) {
    String old = before.string("status");
    if (old.equals("Successful") || old.equals("Failed") || old.equals("Error")) {
      Struct kept = next.with("status", old);
      return before.has("message") ? kept.with("message", before.string("message")) : kept;
    }
    String message = problem;
    String status;
    if (!problem.isEmpty()) {
      status = "Error";
    } else if (experiment.isEnding() || (isOver() && next.integer("availableReplicas") == wanted)) {
      status = "Successful";
    } else if (next.integer("availableReplicas") == wanted) {
      status = "Running";
    } else if (isLate(next)) {
      status = "Failed";
      message =
          "Template '%s' exceeded its progressDeadlineSeconds (%d)"
              .formatted(name(), experiment.progressDeadlineSeconds());
    } else {
      status = "Progressing";
    }
    if (!status.equals(old)) {
      tell(old, status, message);
    }
    Struct judged = next.with("status", status);
    return message.isEmpty() ? judged : judged.with("message", message);
  }

  private boolean isOver() {
    Instant end = experiment.end();
    if (end != null && end.isAfter(around.world().now())) {
      again.accept(end);
    }
    return end != null && !end.isAfter(around.world().now());
  }

  private boolean isLate(Struct status) {
    Instant since = Timestamps.of(status.get("lastTransitionTime"));
    if (since == null) {
      return false;
    }
    Instant deadline = since.plusSeconds(experiment.progressDeadlineSeconds());
    if (!around.world().now().isAfter(deadline)) {
      again.accept(deadline.plusSeconds(1));
      return false;
    }
    return true;
  }

  private void tell(String from, String to, String message) {
    String text =
        "Template '%s' transitioned from %s -> %s".formatted(name(), from, to)
            + (message.isEmpty() ? "" : ": " + message);
    if (to.equals("Failed") || to.equals("Error")) {
      around.events().warning(experiment.object(), "Template" + to, text);
    } else {
      around.events().normal(experiment.object(), "Template" + to, text);
    }
  }
}
