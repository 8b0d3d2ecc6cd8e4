package dev.tiphys.monitoring.adapter;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.template.Delimiters;
import dev.tiphys.template.Functions;
import dev.tiphys.template.Template;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which labels of series name objects of the cluster, and of which resources.
///
/// @param byLabel the resource that a label's values are names of
record ResourceLabels(Map<String, ApiResource> byLabel) {

  static final Delimiters DELIMITERS = new Delimiters("<<", ">>");

  ResourceLabels {
    byLabel = Map.copyOf(byLabel);
  }

  /// @param resources of a rule: `overrides`, which name resources by labels, and `template`, which
  ///   makes the label of any resource
  /// @param problem what is wrong with the rule, if an override names what there is not
  record Read(ResourceLabels labels, String problem) {}

  static Read of(Struct resources, Kinds kinds) {
    Map<String, ApiResource> byLabel = new TreeMap<>();
    String problem = "";
    Struct overrides = resources.struct("overrides");
    for (String label : overrides.names()) {
      Struct named = overrides.struct(label);
      ApiResource found = kinds.find(named.string("group"), named.string("resource"));
      if (found == null) {
        problem = "no resource \"%s\" for label %s".formatted(named.string("resource"), label);
      } else {
        byLabel.put(label, found);
      }
    }
    String template = resources.string("template");
    if (!template.isEmpty()) {
      Template label = Template.parse("resource-label", template, DELIMITERS, Functions.builtins());
      for (ApiResource resource : kinds.all()) {
        if (!byLabel.containsValue(resource)) {
          byLabel.putIfAbsent(label.execute(names(resource)), resource);
        }
      }
    }
    return new Read(new ResourceLabels(byLabel), problem);
  }

  private static Map<String, String> names(ApiResource resource) {
    return Map.of(
        "Group",
        Kinds.group(resource).replaceAll("[.-]", "_"),
        "Resource",
        Kinds.singular(resource));
  }

  @Nullable ApiResource resource(String label) {
    return byLabel.get(label);
  }

  /// The label of a resource; null if it has none.
  @Nullable String label(ApiResource resource) {
    return byLabel.entrySet().stream()
        .filter(entry -> entry.getValue().equals(resource))
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .orElse(null);
  }

  /// The label of namespaces.
  String ofNamespaces() {
    return Objects.requireNonNullElse(label(ApiResource.NAMESPACES), "namespace");
  }
}
