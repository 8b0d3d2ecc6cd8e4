package dev.tiphys.apiserver.audit;

import dev.tiphys.apiserver.audit.AuditPolicy.Resources;
import dev.tiphys.apiserver.audit.AuditPolicy.Rule;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a Policy and says what is wrong with it, in upstream's words.
final class PolicyReader {

  private static final List<String> LEVELS =
      Arrays.stream(Level.values()).map(Level::word).toList();
  private static final String STAGES =
      Arrays.stream(Stage.values()).map(Stage::word).collect(Collectors.joining(","));

  private PolicyReader() {}

  static AuditPolicy read(Path file) {
    try {
      return read(Yaml.struct(Files.readString(file, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "loading audit policy file: failed to read file path \"" + file + "\": " + e.getMessage(),
          e);
    } catch (EncodingException e) {
      throw refusal("failed decoding: " + e.getMessage(), file);
    } catch (IllegalArgumentException e) {
      throw refusal(String.valueOf(e.getMessage()), file);
    }
  }

  private static IllegalArgumentException refusal(String problem, Path file) {
    return new IllegalArgumentException(
        "loading audit policy file: " + problem + ": from file " + file);
  }

  private static AuditPolicy read(Struct tree) {
    String version = tree.string("apiVersion");
    String kind = tree.string("kind");
    if (!version.equals("audit.k8s.io/v1") || !kind.equals("Policy")) {
      throw new IllegalArgumentException(
          "failed decoding: no kind \""
              + kind
              + "\" is registered for version \""
              + version
              + "\" in scheme \"pkg/audit/scheme.go:30\"");
    }
    FieldErrors errors = new FieldErrors();
    FieldValue top = FieldValue.top(errors, tree);
    Set<Stage> omitted = stages(top.at("omitStages"));
    List<Rule> rules = new ArrayList<>();
    top.at("rules").items().forEach(each -> rules.add(rule(each)));
    if (!errors.isEmpty()) {
      throw new IllegalArgumentException(errors.message());
    }
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("loaded illegal policy with 0 rules");
    }
    return new AuditPolicy(rules, omitted, tree.bool("omitManagedFields"));
  }

  private static Rule rule(FieldValue rule) {
    Level level = level(rule.at("level"));
    List<String> paths = strings(rule.at("nonResourceURLs"));
    checkPaths(rule.at("nonResourceURLs"));
    List<Resources> resources = resources(rule.at("resources"));
    Set<Stage> omitted = stages(rule.at("omitStages"));
    List<String> namespaces = strings(rule.at("namespaces"));
    if (!paths.isEmpty() && (!resources.isEmpty() || !namespaces.isEmpty())) {
      rule.at("nonResourceURLs")
          .invalid("rules cannot apply to both regular resources and non-resource URLs");
    }
    return new Rule(
        level,
        strings(rule.at("users")),
        strings(rule.at("userGroups")),
        strings(rule.at("verbs")),
        resources,
        namespaces,
        paths,
        omitted,
        omitsManagers(rule.at("omitManagedFields")));
  }

  private static @Nullable Boolean omitsManagers(FieldValue omits) {
    return omits.isSet() ? Boolean.valueOf(omits.bool()) : null;
  }

  private static List<String> strings(FieldValue list) {
    return list.items().stream().map(FieldValue::string).toList();
  }

  private static Level level(FieldValue level) {
    if (level.mustBeSetToOneOf(LEVELS)) {
      return Level.values()[LEVELS.indexOf(level.string())];
    }
    return Level.NONE;
  }

  private static void checkPaths(FieldValue paths) {
    for (FieldValue path : paths.items()) {
      String text = path.string();
      if (text.equals("*")) {
        continue;
      }
      if (!text.startsWith("/")) {
        path.invalid("non-resource URL rules must begin with a '/' character");
      }
      int star = text.indexOf('*');
      if (star >= 0 && star < text.length() - 1) {
        path.invalid("non-resource URL wildcards '*' must be the final character of the rule");
      }
    }
  }

  /// Paths in messages are without the index, as upstream has them.
  private static List<Resources> resources(FieldValue list) {
    List<Resources> read = new ArrayList<>();
    for (FieldValue item : list.items()) {
      String group = item.at("group").string();
      List<String> names = strings(item.at("resourceNames"));
      List<String> resources = strings(item.at("resources"));
      if (!group.isEmpty() && !group.equals("*")) {
        List<String> problems = Formats.dnsSubdomain(group);
        if (!problems.isEmpty()) {
          list.at("group").invalid(group, String.join(",", problems));
        }
      }
      if (!names.isEmpty() && resources.isEmpty()) {
        list.at("resourceNames")
            .invalid(names, "using resourceNames requires at least one resource");
      }
      read.add(new Resources(group, resources, names));
    }
    return read;
  }

  private static Set<Stage> stages(FieldValue list) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (FieldValue item : list.items()) {
      Arrays.stream(Stage.values())
          .filter(each -> each.word().equals(item.string()))
          .findFirst()
          .ifPresentOrElse(stages::add, () -> item.invalid("allowed stages are " + STAGES));
    }
    return stages;
  }
}
