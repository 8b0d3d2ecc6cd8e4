package dev.tiphys.apiserver.custom;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives a definition the names that no other definition of its group has, and tells in its
/// conditions what came of that.
final class Naming {

  private final Definition definition;
  private final Set<String> resources = new HashSet<>();
  private final Set<String> kinds = new HashSet<>();
  private @Nullable Conflict conflict;

  /// What keeps a definition from a name; of several, the last one is told.
  private record Conflict(String reason, String message) {}

  private Naming(Definition definition, Collection<Definition> all) {
    this.definition = definition;
    for (Definition each : all) {
      if (each.group().equals(definition.group())) {
        Struct taken = each.acceptedNames();
        resources.add(taken.string("plural"));
        resources.add(taken.string("singular"));
        resources.addAll(taken.strings("shortNames"));
        kinds.add(taken.string("kind"));
        kinds.add(taken.string("listKind"));
      }
    }
  }

  /// A definition with its names and the conditions NamesAccepted and Established; itself if
  /// nothing changes.
  ///
  /// @param all the definitions, this one among them
  static Definition settle(Definition definition, Collection<Definition> all, Instant now) {
    return new Naming(definition, all).settled(now);
  }

  private Definition settled(Instant now) {
    Struct object = definition.object();
    Struct accepted = accepted();
    Struct next = object.withAt(accepted, "status", "acceptedNames");
    Conflict found = conflict;
    next =
        found == null
            ? condition(next, "NamesAccepted", true, "NoConflicts", "no conflicts found", now)
            : condition(next, "NamesAccepted", false, found.reason, found.message, now);
    if (!Meta.isTrue(object, "Established")) {
      next =
          found == null
              ? condition(
                  next,
                  "Established",
                  true,
                  "InitialNamesAccepted",
                  "the initial names have been accepted",
                  now)
              : condition(
                  next, "Established", false, "NotAccepted", "not all names are accepted", now);
    }
    return next.equals(object) ? definition : new Definition(next);
  }

  private static Struct condition(
      Struct definition, String type, boolean holds, String reason, String message, Instant now) {
    Struct before = Meta.condition(definition, type);
    boolean same =
        before != null
            && before.string("status").equals(holds ? "True" : "False")
            && before.string("reason").equals(reason)
            && before.string("message").equals(message);
    return same
        ? definition
        : DefinitionConditions.with(definition, type, holds, reason, message, now);
  }

  private Struct accepted() {
    String plural = name("plural", "PluralConflict", resources);
    String singular = name("singular", "SingularConflict", resources);
    List<?> shortNames = shortNames();
    String kind = name("kind", "KindConflict", kinds);
    String listKind = name("listKind", "ListKindConflict", kinds);
    return new StructBuilder()
        .addUnlessEmpty("categories", definition.names().list("categories"))
        .addUnlessEmpty("kind", kind)
        .addUnlessEmpty("listKind", listKind)
        .addUnlessEmpty("plural", plural)
        .addUnlessEmpty("shortNames", shortNames)
        .addUnlessEmpty("singular", singular)
        .build();
  }

  private String name(String field, String reason, Set<String> taken) {
    String wanted = definition.names().string(field);
    String had = definition.acceptedNames().string(field);
    if (wanted.equals(had) || !taken.contains(wanted)) {
      return wanted;
    }
    conflict = new Conflict(reason, inUse(wanted));
    return had;
  }

  private List<?> shortNames() {
    List<String> had = definition.acceptedNames().strings("shortNames");
    List<String> problems = new ArrayList<>();
    for (String wanted : definition.names().strings("shortNames")) {
      if (!had.contains(wanted) && resources.contains(wanted)) {
        problems.add(inUse(wanted));
      }
    }
    if (problems.isEmpty()) {
      return definition.names().list("shortNames");
    }
    String message =
        problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
    conflict = new Conflict("ShortNamesConflict", message);
    return had;
  }

  private static String inUse(String name) {
    return "\"" + name + "\" is already in use";
  }
}
