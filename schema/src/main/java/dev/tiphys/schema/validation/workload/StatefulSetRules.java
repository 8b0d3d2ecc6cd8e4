package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.Restoring;
import dev.tiphys.schema.validation.ShareRules;
import dev.tiphys.schema.validation.pod.PodRules;
import dev.tiphys.schema.validation.storage.ClaimRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Rules for StatefulSets.
public final class StatefulSetRules {

  private static final List<String> RETENTION = List.of("Retain", "Delete");
  private static final List<String> CHANGEABLE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  private static final String CLAIMS = "volumeClaimTemplates";
  private static final String[] STORAGE = {"spec", "resources", "requests", "storage"};

  private StatefulSetRules() {}

  public static void create(FieldValue set) {
    FieldValue spec = set.at("spec");
    strategies(spec);
    for (FieldValue claim : spec.at("volumeClaimTemplates").items()) {
      ClaimRules.spec(claim.at("spec"));
    }
    numbers(spec);
    if (!spec.at("serviceName").isEmpty()) {
      spec.at("serviceName").mustBe(Formats::dnsLabel);
    }
    template(spec, true);
  }

  public static void update(FieldValue now, Struct before) {
    FieldValue spec = now.at("spec");
    strategies(spec);
    numbers(spec);
    template(spec, isSound(before));
    Struct restored = spec.struct();
    for (String field : CHANGEABLE) {
      restored = Restoring.withField(restored, before.struct("spec"), field);
    }
    if (mayGrowClaims(now) && onlyGrow(spec, before.struct("spec"))) {
      restored = Restoring.withField(restored, before.struct("spec"), CLAIMS);
    }
    if (!restored.equals(before.struct("spec"))) {
      spec.forbidden(
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
              + " 'updateStrategy', 'revisionHistoryLimit',"
              + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
    }
  }

  /// Upstream never lets the templates of claims change; a set can opt in to claims that grow.
  private static boolean mayGrowClaims(FieldValue set) {
    return set.at("metadata", "annotations")
        .struct()
        .string("statefulset.tiphys.dev/grow-claims")
        .equals("true");
  }

  private static boolean onlyGrow(FieldValue spec, Struct before) {
    List<Struct> now = spec.struct().structs(CLAIMS);
    List<Struct> old = before.structs(CLAIMS);
    if (now.size() != old.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      Object wanted = now.get(i).get(STORAGE);
      Object present = old.get(i).get(STORAGE);
      if (wanted == null
          || present == null
          || !now.get(i).withAt(present, STORAGE).equals(old.get(i))
          || Quantity.from(wanted).compareTo(Quantity.from(present)) < 0) {
        return false;
      }
    }
    return true;
  }

  /// Templates that older servers let through may stay.
  private static boolean isSound(Struct before) {
    FieldErrors errors = new FieldErrors();
    FieldValue spec = FieldValue.top(errors, before).at("spec");
    strategies(spec);
    numbers(spec);
    template(spec, true);
    return errors.isEmpty();
  }

  private static void strategies(FieldValue spec) {
    FieldValue management = spec.at("podManagementPolicy");
    if (management.mustBeSet() && !management.is("OrderedReady") && !management.is("Parallel")) {
      management.invalid("must be 'OrderedReady' or 'Parallel'");
    }
    updateStrategy(spec.at("updateStrategy"));
    FieldValue retention = spec.at("persistentVolumeClaimRetentionPolicy");
    if (retention.isSet()) {
      retention.at("whenDeleted").mustBeOneOf(RETENTION);
      retention.at("whenScaled").mustBeOneOf(RETENTION);
    }
  }

  private static void updateStrategy(FieldValue strategy) {
    FieldValue update = strategy.at("rollingUpdate");
    switch (strategy.at("type").string()) {
      case "" -> strategy.required();
      case "OnDelete" -> {
        if (update.isSet()) {
          update.invalidText(
              shown(update, "RollingUpdateStatefulSetStrategy"),
              "only allowed for updateStrategy 'RollingUpdate'");
        }
      }
      case "RollingUpdate" -> {
        if (update.isSet()) {
          steps(update);
        }
      }
      default ->
          strategy.invalidText(
              shown(strategy, "StatefulSetUpdateStrategy"),
              "must be 'RollingUpdate' or 'OnDelete'");
    }
  }

  private static String shown(FieldValue value, String type) {
    Type known = TypeTable.BUILT_IN.type("io.k8s.api.apps.v1." + type);
    return GoText.struct(value.value(), known);
  }

  private static void steps(FieldValue update) {
    update.at("partition").mustNotBeNegative();
    FieldValue unavailable = update.at("maxUnavailable");
    if (unavailable.isSet()) {
      ShareRules.share(unavailable);
      if (ShareRules.value(unavailable) == 0) {
        unavailable.invalid("cannot be 0");
      }
      ShareRules.atMostAll(unavailable);
    }
  }

  private static void numbers(FieldValue spec) {
    spec.at("replicas").mustNotBeNegative();
    spec.at("minReadySeconds").mustNotBeNegative();
    spec.at("ordinals", "start").mustNotBeNegative();
  }

  private static void template(FieldValue spec, boolean wasSound) {
    if (WorkloadRules.selects(spec, "statefulset", "")) {
      WorkloadRules.labelsMatch(spec);
      FieldValue template = spec.at("template");
      FieldValue completed = template.holding(withClaims(template.struct(), spec.struct()));
      if (wasSound) {
        PodRules.template(completed);
      }
      PodRules.templateMetadata(completed);
    }
    WorkloadRules.runsOn(spec.at("template"), "StatefulSet");
  }

  /// The template as the Pods will be: the set names them, and each has its own claims.
  private static Struct withClaims(Struct template, Struct set) {
    Struct spec = template.struct("spec").without("hostname").without("subdomain");
    Set<String> claims = new TreeSet<>();
    set.structs("volumeClaimTemplates")
        .forEach(claim -> claims.add(claim.string("metadata", "name")));
    if (claims.isEmpty()) {
      return template.with("spec", spec);
    }
    List<Struct> volumes = new ArrayList<>();
    for (String name : claims) {
      volumes.add(Struct.of("name", name, "persistentVolumeClaim", Struct.of("claimName", name)));
    }
    for (Struct volume : spec.structs("volumes")) {
      if (!claims.contains(volume.string("name"))) {
        volumes.add(volume);
      }
    }
    return template.with("spec", spec.with("volumes", volumes));
  }

  public static void status(FieldValue now, Struct before) {
    WorkloadRules.counts(
        now,
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
        "collisionCount");
    WorkloadRules.withinReplicas(
        now, "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas");
    WorkloadRules.availableAreReady(now, "status.readyReplicas");
    WorkloadRules.collisionsStay(now, before);
  }
}
