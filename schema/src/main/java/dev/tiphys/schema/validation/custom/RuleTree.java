package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The places in a schema that have rules at or below them.
///
/// Threads: any; rules are compiled when they are first asked for.
final class RuleTree {

  private final Struct schema;
  private final boolean root;
  private final Map<String, RuleTree> properties;
  private final @Nullable RuleTree others;
  private final @Nullable RuleTree items;
  private volatile @Nullable List<CompiledRule> rules;

  private RuleTree(
      Struct schema,
      boolean root,
      Map<String, RuleTree> properties,
      @Nullable RuleTree others,
      @Nullable RuleTree items) {
    this.schema = schema;
    this.root = root;
    this.properties = properties;
    this.others = others;
    this.items = items;
  }

  /// @param root whether it is the schema of a whole object
  static @Nullable RuleTree of(Struct schema, boolean root) {
    Map<String, RuleTree> properties = new HashMap<>(0);
    schema
        .struct("properties")
        .forEach(
            (name, property) -> {
              RuleTree tree = property instanceof Struct struct ? below(struct) : null;
              if (tree != null) {
                properties.put(name, tree);
              }
            });
    RuleTree others =
        schema.get("additionalProperties") instanceof Struct struct ? below(struct) : null;
    RuleTree items = schema.get("items") instanceof Struct struct ? below(struct) : null;
    boolean hasRules = !schema.list("x-kubernetes-validations").isEmpty();
    return hasRules || !properties.isEmpty() || others != null || items != null
        ? new RuleTree(schema, root, Map.copyOf(properties), others, items)
        : null;
  }

  private static @Nullable RuleTree below(Struct schema) {
    return of(schema, Schemas.isEmbedded(schema));
  }

  Struct schema() {
    return schema;
  }

  boolean isRoot() {
    return root;
  }

  @Nullable RuleTree property(String name) {
    return properties.get(name);
  }

  @Nullable RuleTree others() {
    return others;
  }

  @Nullable RuleTree items() {
    return items;
  }

  List<CompiledRule> rules() {
    List<CompiledRule> known = rules;
    if (known == null) {
      known = CompiledRule.of(schema, root);
      rules = known;
    }
    return known;
  }
}
