package dev.tiphys.schema.rules;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.defaults.Defaults;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A file of cases: what is said of which change of a sound object.
///
/// The file names a resource (`resource v1/pods`) and an object of it (`valid`, then indented
/// YAML). Then come cases. A case starts with `case`, perhaps an action (`update`, or a
/// subresource), a colon and a sentence. Its indented lines are changes and the errors that follow,
/// in order:
///
/// - `set PATH JSON` and `drop PATH` change the object; parts of the path are separated by slashes,
///   `~1` is a slash within a part;
/// - `old set …` and `old drop …` change the object that is replaced, and the new one with it;
/// - `raw` leaves out normalizing and defaults, to try what they would not let through;
/// - `error TEXT` is an error. `{name}` in it is a common text from [#TEXTS].
///
/// A case without errors expects none.
record RuleFile(Resource resource, Struct valid, List<Case> cases) {

  /// One case.
  record Case(String action, String sentence, List<String> lines) {}

  /// Texts that occur in many errors.
  static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry(
              "label",
              "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                  + " '-', and must start and end with an alphanumeric character (e.g. 'my-name', "
                  + " or '123-abc', regex used for validation is"
                  + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"),
          Map.entry(
              "subdomain",
              "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                  + " '-' or '.', and must start and end with an alphanumeric character (e.g."
                  + " 'example.com', regex used for validation is"
                  + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
          Map.entry(
              "dns1035",
              "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start"
                  + " with an alphabetic character, and end with an alphanumeric character (e.g."
                  + " 'my-name',  or 'abc-123', regex used for validation is"
                  + " '[a-z]([-a-z0-9]*[a-z0-9])?')"),
          Map.entry(
              "namePart",
              "name part must consist of alphanumeric characters, '-', '_' or '.', and must start"
                  + " and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                  + " '123-abc', regex used for validation is"
                  + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"),
          Map.entry(
              "labelValue",
              "a valid label must be an empty string or consist of alphanumeric characters, '-',"
                  + " '_' or '.', and must start and end with an alphanumeric character (e.g."
                  + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                  + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"),
          Map.entry(
              "configKey",
              "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                  + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
                  + " '[-._a-zA-Z0-9]+')"),
          Map.entry(
              "percent",
              "a valid percent string must be a numeric string followed by an ending '%' (e.g."
                  + " '1%',  or '93%', regex used for validation is '[0-9]+%')"),
          Map.entry("negative", "must be greater than or equal to 0"),
          Map.entry("port", "must be between 1 and 65535, inclusive"),
          Map.entry("ip", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
          Map.entry("cidr", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));

  static RuleFile read(String name) {
    try (InputStream in = RuleFile.class.getResourceAsStream(name + ".rules")) {
      if (in == null) {
        throw new IllegalArgumentException("no such file of rules: " + name);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RuleFile parse(List<String> lines) {
    Resource resource = null;
    StringBuilder valid = new StringBuilder();
    List<Case> cases = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("resource ")) {
        resource = Objects.resource(line.substring(9));
      } else if (line.startsWith("case")) {
        int colon = line.indexOf(':');
        cases.add(
            new Case(
                line.substring(4, colon).strip(),
                line.substring(colon + 1).strip(),
                new ArrayList<>()));
      } else if (!line.isBlank() && !line.startsWith("#") && !line.equals("valid")) {
        if (cases.isEmpty()) {
          valid.append(line).append('\n');
        } else {
          cases.getLast().lines().add(line.strip());
        }
      }
    }
    return new RuleFile(resource, Yaml.struct(valid.toString()), cases);
  }

  /// The errors that the rules report for a case.
  List<String> found(Case tried) {
    Struct before = valid;
    Struct now = valid;
    for (String line : tried.lines()) {
      if (line.startsWith("old ")) {
        before = changed(before, line.substring(4));
        now = changed(now, line.substring(4));
      } else {
        now = changed(now, line);
      }
    }
    boolean raw = tried.lines().contains("raw");
    FieldErrors errors = check(tried.action(), formed(now, raw), formed(before, raw));
    return errors.list().stream().map(FieldError::toString).toList();
  }

  private FieldErrors check(String action, Struct now, Struct before) {
    return switch (action) {
      case "" -> Validation.create(resource, now);
      case "update" -> Validation.update(resource, now, before);
      default -> Validation.subresourceUpdate(resource, action, now, before);
    };
  }

  private Struct formed(Struct object, boolean raw) {
    return raw ? object : Defaults.apply(resource, resource.schema().normalize(object));
  }

  List<String> expected(Case tried) {
    return tried.lines().stream()
        .filter(line -> line.startsWith("error "))
        .map(line -> withTexts(line.substring(6)))
        .toList();
  }

  private static String withTexts(String line) {
    String text = line.replace("\\n", "\n");
    for (Map.Entry<String, String> entry : TEXTS.entrySet()) {
      text = text.replace("{" + entry.getKey() + "}", entry.getValue());
    }
    return text;
  }

  private static Struct changed(Struct object, String line) {
    if (line.startsWith("set ")) {
      int space = line.indexOf(' ', 4);
      Object value = Json.parse(line.substring(space + 1).getBytes(StandardCharsets.UTF_8));
      return (Struct) set(object, steps(line.substring(4, space)), value);
    }
    return line.startsWith("drop ") ? (Struct) set(object, steps(line.substring(5)), null) : object;
  }

  private static List<String> steps(String path) {
    return List.of(path.split("/"));
  }

  /// The tree with the value at a path replaced; taken away if `value` is null.
  private static Object set(Object tree, List<String> steps, Object value) {
    if (steps.isEmpty()) {
      return value;
    }
    String step = steps.getFirst().replace("~1", "/");
    List<String> rest = steps.subList(1, steps.size());
    if (tree instanceof List<?> list) {
      List<Object> changed = new ArrayList<>(list);
      int index = Integer.parseInt(step);
      Object element = set(index < list.size() ? list.get(index) : Struct.EMPTY, rest, value);
      if (index == list.size()) {
        changed.add(element);
      } else if (element == null) {
        changed.remove(index);
      } else {
        changed.set(index, element);
      }
      return List.copyOf(changed);
    }
    Struct struct = tree instanceof Struct found ? found : Struct.EMPTY;
    Object inner = set(struct.get(step), rest, value);
    return inner == null ? struct.without(step) : struct.with(step, inner);
  }
}
