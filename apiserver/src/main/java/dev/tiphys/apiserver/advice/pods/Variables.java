package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `$(NAME)` is replaced only if NAME has been defined before: else it stays as it is written.
public final class Variables {

  private Variables() {}

  /// References in `env` to what is defined further down.
  public static void order(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      List<Place> variables = container.items("env");
      List<String> names = names(variables);
      for (int i = 0; i < variables.size(); i++) {
        for (Reference reference : Reference.in(variables.get(i).object().string("value"))) {
          int defined = names.indexOf(reference.name());
          if (defined >= i && !container.object().has("envFrom")) {
            scene.advise(
                variables.get(i).path("value"),
                reference
                    + " is used before it is defined, and stays as it is written; "
                    + remedy(reference, defined, i, names.get(i)));
          }
        }
      }
    }
  }

  private static String remedy(Reference reference, int defined, int used, String user) {
    return defined == used
        ? "write what " + reference.name() + " is to be"
        : "move env[%d] (%s) before env[%d] (%s)".formatted(defined, reference.name(), used, user);
  }

  /// References to what is defined nowhere.
  public static void undefined(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      if (!container.object().has("envFrom")) { // which may define anything
        Set<String> names = new HashSet<>(names(container.items("env")));
        values(scene, container, names);
        words(scene, container, "command", names);
        words(scene, container, "args", names);
        paths(scene, container, names);
      }
    }
  }

  private static void values(Scene scene, Place container, Set<String> names) {
    for (Place variable : container.items("env")) {
      look(scene, variable.path("value"), variable.object().string("value"), names);
    }
  }

  private static void words(Scene scene, Place container, String field, Set<String> names) {
    List<String> words = container.object().strings(field);
    for (int i = 0; i < words.size(); i++) {
      look(scene, container.path(field) + "[" + i + "]", words.get(i), names);
    }
  }

  private static void look(Scene scene, String path, String text, Set<String> names) {
    if (text.indexOf('$') < 0) {
      return;
    }
    for (Reference reference : Reference.in(text)) {
      if (reference.isConstant() && !names.contains(reference.name())) {
        scene.advise(
            path,
            "%s is not defined in env, and stays as it is written; define %s there, or write $%s if the text is meant"
                .formatted(reference, reference.name(), reference));
      }
    }
  }

  /// In paths nothing but references to variables makes sense.
  private static void paths(Scene scene, Place container, Set<String> names) {
    for (Place mount : container.items("volumeMounts")) {
      for (Reference reference : Reference.in(mount.object().string("subPathExpr"))) {
        if (!names.contains(reference.name())) {
          scene.advise(
              mount.path("subPathExpr"),
              "%s is not defined in env, so the container can't be made; define %s there"
                  .formatted(reference, reference.name()));
        }
      }
    }
  }

  private static List<String> names(List<Place> variables) {
    List<String> names = new ArrayList<>(variables.size());
    for (Place variable : variables) {
      Struct object = variable.object();
      names.add(object.string("name"));
    }
    return names;
  }
}
