package dev.tiphys.delivery.analysis;

import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The arguments that an AnalysisRun gets from its Rollout.
///
/// @param pass the look
public record Arguments(Pass pass) {

  /// A name in brackets, which may have dots, or one between dots.
  private static final Pattern PART = Pattern.compile("\\['([^']*)'\\]|([^.\\[]+)");

  /// @param analysis what gives arguments
  /// @param parameters what the templates know, with defaults
  public List<Struct> resolved(Struct analysis, List<Struct> parameters) {
    Map<String, Struct> all = new LinkedHashMap<>();
    parameters.forEach(parameter -> all.put(parameter.string("name"), parameter));
    for (Struct argument : analysis.structs("args")) {
      all.put(argument.string("name"), resolved(argument));
    }
    return new ArrayList<>(all.values());
  }

  private Struct resolved(Struct argument) {
    Struct from = argument.struct("valueFrom");
    if (from.has("podTemplateHashValue")) {
      String hash =
          from.string("podTemplateHashValue").equals("Stable")
              ? pass.status().stable()
              : pass.newest().hash();
      return Struct.of("name", argument.string("name"), "value", hash);
    }
    if (from.has("fieldRef")) {
      return Struct.of(
          "name", argument.string("name"), "value", field(from.string("fieldRef", "fieldPath")));
    }
    return argument; // a value, or a key of a Secret, which only the run itself looks up
  }

  /// A field of the Rollout, by a path such as `metadata.labels['app']` or `spec.replicas`.
  private String field(String path) {
    Object found = pass.rollout().object();
    Matcher part = PART.matcher(path);
    while (part.find()) {
      String name = part.group(1) == null ? part.group(2) : part.group(1);
      found = found instanceof Struct struct ? struct.get(name) : null;
    }
    return found == null ? "" : found.toString();
  }
}
