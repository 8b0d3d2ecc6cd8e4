package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rules for FlowSchemas.
public final class FlowSchemaRules {

  private static final String ALL = "*";
  private static final int HIGHEST = 10_000;
  private static final List<String> VERBS =
      List.of(
          "create",
          "delete",
          "deletecollection",
          "get",
          "list",
          "patch",
          "proxy",
          "update",
          "watch");

  /// The kinds of subjects, and the field that describes each.
  private static final Map<String, String> SUBJECTS =
      Map.of("ServiceAccount", "serviceAccount", "User", "user", "Group", "group");

  private FlowSchemaRules() {}

  public static void create(FieldValue schema) {
    FieldValue spec = schema.at("spec");
    String name = schema.at("metadata", "name").string();
    precedence(spec.at("matchingPrecedence"), name);
    FieldValue method = spec.at("distinguisherMethod");
    if (method.isSet() && !List.of("ByNamespace", "ByUser").contains(method.at("type").string())) {
      method
          .at("type")
          .notSupportedText(
              GoText.struct(method.value(), MandatoryFlows.TYPES + "FlowDistinguisherMethod"),
              List.of("ByNamespace", "ByUser"));
    }
    FieldValue level = spec.at("priorityLevelConfiguration", "name");
    if (level.mustBeSet("must reference a priority level")) {
      level.mustBe(Formats::dnsSubdomain);
    }
    for (FieldValue rule : spec.at("rules").items()) {
      rule(rule);
    }
    MandatoryFlows.schema(spec, name);
    conditions(schema);
  }

  static void conditions(FieldValue object) {
    Set<Object> types = new HashSet<>();
    for (FieldValue condition : object.at("status", "conditions").items()) {
      FieldValue type = condition.at("type");
      type.holding(type.string()).mustBeNewIn(types);
      type.mustBeSet("must not be empty");
    }
  }

  public static void status(FieldValue now, Struct before) {
    conditions(now);
  }

  private static void precedence(FieldValue precedence, String name) {
    if (precedence.integer() <= 0) {
      precedence.invalid(precedence.integer(), "must be a positive value");
    }
    if (precedence.integer() > HIGHEST) {
      precedence.invalid("must not be greater than " + HIGHEST);
    }
    if (precedence.integer() == 1 && !name.equals("exempt")) {
      precedence.invalid("only the schema named 'exempt' may have matchingPrecedence 1");
    }
  }

  private static void rule(FieldValue rule) {
    FieldValue subjects = rule.at("subjects");
    subjects.mustBeSet("subjects must contain at least one value");
    subjects.items().forEach(FlowSchemaRules::subject);
    FieldValue resources = rule.at("resourceRules");
    FieldValue others = rule.at("nonResourceRules");
    if (resources.isEmpty() && others.isEmpty()) {
      rule.required("at least one of resourceRules and nonResourceRules has to be non-empty");
    }
    resources.items().forEach(FlowSchemaRules::resources);
    others.items().forEach(FlowSchemaRules::paths);
  }

  private static void subject(FieldValue subject) {
    String kind = subject.at("kind").string();
    String field = SUBJECTS.get(kind);
    if (field == null) {
      subject.at("kind").notSupported(List.of("Group", "ServiceAccount", "User"));
      return;
    }
    FieldValue described = subject.at(field);
    if (!described.isSet()) {
      described.required(field + " is required when subject kind is '" + kind + "'");
    } else if (kind.equals("ServiceAccount")) {
      account(described);
    } else {
      described.at("name").mustBeSet();
    }
    for (String other : List.of("ServiceAccount", "User", "Group")) {
      if (!other.equals(kind)) {
        String name = SUBJECTS.getOrDefault(other, "");
        subject
            .at(name)
            .mustNotBeSet(name + " is forbidden when subject kind is not '" + other + "'");
      }
    }
  }

  private static void account(FieldValue account) {
    FieldValue name = account.at("name");
    if (name.mustBeSet() && !name.is(ALL)) {
      name.mustBe(Formats::dnsSubdomain);
    }
    FieldValue namespace = account.at("namespace");
    if (namespace.mustBeSet("must specify namespace for service account")) {
      namespace.mustBe(Formats::dnsLabel);
    }
  }

  private static void resources(FieldValue rule) {
    verbs(rule.at("verbs"));
    FieldValue groups = rule.at("apiGroups");
    groups.mustBeSet("resource rules must supply at least one api group");
    aloneIfAll(groups, "api groups");
    FieldValue resources = rule.at("resources");
    resources.mustBeSet("resource rules must supply at least one resource");
    aloneIfAll(resources, "resources");
    FieldValue namespaces = rule.at("namespaces");
    if (namespaces.isEmpty() && !rule.at("clusterScope").bool()) {
      namespaces.required(
          "resource rules that are not cluster scoped must supply at least one namespace");
    } else if (!aloneIfAll(namespaces, "namespaces")) {
      for (FieldValue namespace : namespaces.items()) {
        for (String problem : Formats.dnsLabel(namespace.string())) {
          namespace.invalid("each member of this list must be '*' or a DNS-1123 label; " + problem);
        }
      }
    }
  }

  private static void paths(FieldValue rule) {
    verbs(rule.at("verbs"));
    FieldValue paths = rule.at("nonResourceURLs");
    paths.mustBeSet("nonResourceURLs must contain at least one value");
    if (!aloneIfAll(paths, "non-resource URLs")) {
      paths.items().forEach(FlowSchemaRules::path);
    }
  }

  private static void verbs(FieldValue verbs) {
    if (verbs.mustBeSet("verbs must contain at least one value")
        && !aloneIfAll(verbs, "verbs")
        && !VERBS.containsAll(verbs.list())) {
      verbs.notSupported(VERBS);
    }
  }

  /// Returns whether the list means everything, which it must do alone.
  private static boolean aloneIfAll(FieldValue list, String others) {
    boolean all = list.list().contains(ALL);
    if (all && list.list().size() > 1) {
      list.invalid("if '*' is present, must not specify other " + others);
    }
    return all;
  }

  private static void path(FieldValue path) {
    String text = path.string();
    if (text.isEmpty()) {
      path.invalid("must not be empty");
    } else if (!text.startsWith("/")) {
      path.invalid("must start with slash");
    } else if (text.contains(" ")) {
      path.invalid("must not contain white-space");
    } else if (text.contains("//")) {
      path.invalid("must not contain double slash");
    } else {
      int star = text.indexOf('*');
      if (star >= 0 && (star < text.length() - 1 || !text.endsWith("/*"))) {
        path.invalid("wildcard can only do suffix matching");
      }
    }
  }
}
