package dev.tiphys.monitoring.adapter;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.util.ArrayList;
import java.util.List;

/// All rules, as a configuration of the Prometheus Adapter has them.
///
/// @param ofObjects metrics of objects of the cluster, `rules`
/// @param external others, `externalRules`
/// @param problems which rules cannot be used, and why
record Rules(List<Rule> ofObjects, List<Rule> external, List<String> problems) {

  /// Where no configuration is given: whatever names a namespace is a metric, a counter its rate
  /// over five minutes.
  static final Rules USUAL =
      parse(
          """
          rules:
          - seriesQuery: '{namespace!="",pod!="",container!="POD",__name__=~"^container_.+"}'
            seriesFilters: [{isNot: "_total$"}]
            resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
            name: {matches: "^container_(.*)$"}
            metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>,container!="POD"}) by (<<.GroupBy>>)'
          - seriesQuery: '{namespace!="",pod!="",container!="POD",__name__=~"^container_.+"}'
            resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
            name: {matches: "^container_(.*?)(?:_seconds)?_total$"}
            metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[5m])) by (<<.GroupBy>>)'
          - seriesQuery: '{namespace!="",__name__!~"^container_.*"}'
            seriesFilters: [{isNot: "_total$"}]
            resources: {template: <<.Resource>>}
            metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)'
          - seriesQuery: '{namespace!="",__name__!~"^container_.*"}'
            resources: {template: <<.Resource>>}
            name: {matches: "^(.*?)(?:_seconds)?_total$"}
            metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[5m])) by (<<.GroupBy>>)'
          """);

  Rules {
    ofObjects = List.copyOf(ofObjects);
    external = List.copyOf(external);
    problems = List.copyOf(problems);
  }

  /// @param configuration in YAML
  static Rules parse(String configuration) {
    List<String> problems = new ArrayList<>();
    Struct tree;
    try {
      tree = Yaml.struct(configuration);
    } catch (EncodingException e) {
      return new Rules(List.of(), List.of(), List.of("it is no YAML: " + e.getMessage()));
    }
    List<Rule> ofObjects = rules(tree, "rules", problems);
    return new Rules(ofObjects, rules(tree, "externalRules", problems), problems);
  }

  private static List<Rule> rules(Struct tree, String field, List<String> problems) {
    List<Rule> rules = new ArrayList<>();
    List<Struct> all = tree.structs(field);
    for (int i = 0; i < all.size(); i++) {
      try {
        rules.add(Rule.parse(all.get(i)));
      } catch (IllegalArgumentException e) {
        problems.add("%s[%d]: %s".formatted(field, i, e.getMessage()));
      }
    }
    return rules;
  }
}
