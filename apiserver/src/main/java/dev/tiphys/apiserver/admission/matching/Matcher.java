package dev.tiphys.apiserver.admission.matching;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which requests a webhook, a policy or a binding is about.
///
/// Threads: any; immutable.
public final class Matcher {

  private final List<Rule> rules;
  private final List<Rule> excluded;
  private final boolean anything;
  private final boolean equivalent;
  private final LabelSelector namespaces;
  private final LabelSelector objects;

  private Matcher(Struct spec, List<Rule> rules, List<Rule> excluded, boolean anything) {
    this.rules = rules;
    this.excluded = excluded;
    this.anything = anything;
    this.equivalent = !spec.string("matchPolicy").equals("Exact");
    this.namespaces = LabelSelector.from(spec.struct("namespaceSelector"));
    this.objects = LabelSelector.from(spec.struct("objectSelector"));
  }

  /// @param webhook one of a configuration
  public static Matcher ofWebhook(Struct webhook) {
    return new Matcher(webhook, rules(webhook, "rules"), List.of(), false);
  }

  /// @param resources `matchConstraints` of a policy, or `matchResources` of a binding: without
  ///   rules it is about everything
  public static Matcher ofResources(Struct resources) {
    List<Rule> rules = rules(resources, "resourceRules");
    return new Matcher(resources, rules, rules(resources, "excludeResourceRules"), rules.isEmpty());
  }

  private static List<Rule> rules(Struct spec, String field) {
    return spec.structs(field).stream().map(Rule::of).toList();
  }

  /// The version in which a request is to be seen; null if it is not meant.
  ///
  /// @throws dev.tiphys.object.api.ApiException `NOT_FOUND` if the request is in a namespace that
  ///   does not exist, on whose labels it depends
  public @Nullable Form match(Incoming incoming) {
    Form form = anything ? incoming.asked() : form(incoming, rules);
    if (form == null || !selectsObject(incoming) || !selectsNamespace(incoming)) {
      return null;
    }
    return excluded.isEmpty() || form(incoming, excluded) == null ? form : null;
  }

  private @Nullable Form form(Incoming incoming, List<Rule> list) {
    for (Rule rule : list) {
      if (rule.matches(incoming, incoming.asked().resource())) {
        return incoming.asked();
      }
    }
    if (equivalent) {
      for (Rule rule : list) {
        for (Form other : incoming.equivalents()) {
          if (rule.matches(incoming, other.resource())) {
            return other;
          }
        }
      }
    }
    return null;
  }

  private boolean selectsNamespace(Incoming incoming) {
    boolean exempt = incoming.namespace().isEmpty() && !incoming.isOnNamespace();
    return namespaces.matchesEverything()
        || exempt
        || namespaces.matches(incoming.namespaceLabels());
  }

  private boolean selectsObject(Incoming incoming) {
    return objects.matchesEverything()
        || selects(incoming.anyObject())
        || selects(incoming.anyOld());
  }

  private boolean selects(@Nullable Struct object) {
    return object != null && objects.matches(object.struct("metadata", "labels"));
  }
}
