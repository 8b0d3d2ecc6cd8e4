package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.ConditionRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for Workloads and for the groups of Pods that are made from their templates. Fields of
/// features that are off are dropped before rules are asked.
public final class PodGroupRules {

  private static final int MOST_TEMPLATES = 8;

  private PodGroupRules() {}

  public static void workload(FieldValue workload) {
    FieldValue owner = workload.at("spec", "controllerRef");
    if (owner.isSet()) {
      owner.at("apiGroup").mayBe(Formats::dnsSubdomain);
      owner.at("kind").mustBeSetAnd(Formats::pathSegment);
      owner.at("name").mustBeSetAnd(Formats::pathSegment);
    }
    FieldValue templates = workload.at("spec", "podGroupTemplates");
    if (!templates.mustBeSet() || !templates.mustHaveAtMost(MOST_TEMPLATES)) {
      return;
    }
    Set<Object> names = new HashSet<>();
    for (FieldValue template : templates.items()) {
      if (!names.add(template.at("name").string())) {
        template.duplicate();
      }
      template.at("name").mustBeSetAnd(Formats::dnsLabel);
      policy(template.at("schedulingPolicy"));
    }
  }

  public static void workloadUpdate(FieldValue now, Struct before) {
    if (before.has("spec", "controllerRef")) {
      now.at("spec", "controllerRef").mustEqual(before.get("spec", "controllerRef"));
    } else {
      workload(now);
    }
    now.at("spec", "podGroupTemplates").mustEqual(before.get("spec", "podGroupTemplates"));
  }

  public static void podGroup(FieldValue group) {
    FieldValue reference = group.at("spec", "podGroupTemplateRef");
    if (reference.isSet()) {
      FieldValue workload = reference.at("workload");
      if (workload.isSet()) {
        workload.at("workloadName").mustBeSetAnd(Formats::dnsSubdomain);
        workload.at("podGroupTemplateName").mustBeSetAnd(Formats::dnsLabel);
      } else {
        reference.invalid("", "must specify one of: `workload`");
      }
    }
    policy(group.at("spec", "schedulingPolicy"));
  }

  public static void podGroupUpdate(FieldValue now, Struct before) {
    for (String field : List.of("podGroupTemplateRef", "schedulingPolicy")) {
      now.at("spec", field).mustEqual(before.get("spec", field));
    }
  }

  public static void podGroupStatus(FieldValue now, Struct before) {
    ConditionRules.conditions(now.at("status", "conditions"));
  }

  private static void policy(FieldValue policy) {
    boolean basic = policy.at("basic").isSet();
    FieldValue gang = policy.at("gang");
    if (basic && gang.isSet()) {
      policy.invalid("{basic, gang}", "must specify exactly one of: `basic`, `gang`");
    } else if (!basic && !gang.isSet()) {
      policy.invalid("", "must specify one of: `basic`, `gang`");
    } else if (gang.isSet()) {
      FieldValue least = gang.at("minCount");
      if (least.integer() == 0) {
        least.required();
      } else if (least.integer() < 0) {
        least.invalid("must be greater than or equal to 1");
      }
    }
  }
}
