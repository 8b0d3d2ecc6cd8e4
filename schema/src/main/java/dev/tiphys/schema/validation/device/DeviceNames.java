package dev.tiphys.schema.validation.device;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.storage.DriverRules;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// What rules about devices have in common: names, lists with a limit, data of drivers.
public final class DeviceNames {

  public static final String TYPES = "io.k8s.api.resource.v1.";
  static final int MOST_REQUESTS = 32;
  private static final int LONGEST_POOL = 253;
  private static final int LONGEST_IDENTIFIER = 32;
  private static final int UID = 36;

  private DeviceNames() {}

  /// Names joined by slashes.
  static void pool(FieldValue pool) {
    if (!pool.mustBeSet()) {
      return;
    }
    pool.mustNotBeLongerThan(LONGEST_POOL);
    for (String part : pool.string().split("/", -1)) {
      pool.holding(part).mustBe(Formats::dnsSubdomain);
    }
  }

  static void uid(FieldValue uid) {
    String text = uid.string();
    if (text.length() != UID) {
      uid.invalid("error validating uid: invalid UUID length: " + text.length());
    } else if (!text.matches("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}")) {
      uid.invalid("error validating uid: invalid UUID format");
    } else if (text.chars().anyMatch(Character::isUpperCase)) {
      uid.invalid(
          "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with"
              + " lowercase hexadecimal characters");
    }
  }

  /// An identifier, and perhaps the domain it belongs to before a slash.
  static void qualified(FieldValue field, String name) {
    String[] parts = name.split("/", -1);
    if (parts.length == 1) {
      identifier(field.holding(name));
    } else if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        field.invalid("", "the domain must not be empty");
      } else {
        DriverRules.csiDriver(field.holding(parts[0]));
      }
      if (parts[1].isEmpty()) {
        field.invalid("", "the name must not be empty");
      } else {
        identifier(field.holding(parts[1]));
      }
    }
  }

  static void fullyQualified(FieldValue name) {
    qualified(name, name.string());
    if (name.string().indexOf('/') < 0) {
      name.invalid("a fully qualified name must be a domain and a name separated by a slash");
    }
  }

  private static void identifier(FieldValue identifier) {
    identifier.mustNotBeLongerThan(LONGEST_IDENTIFIER);
    identifier.mustBe(Formats::identifier);
  }

  /// A list whose elements are only looked at if there are not too many.
  static void list(FieldValue list, int most, Consumer<FieldValue> rules) {
    if (list.mustHaveAtMost(most)) {
      list.items().forEach(rules);
    }
  }

  /// A list like that whose elements differ by a key.
  static void set(
      FieldValue list, int most, Consumer<FieldValue> rules, Function<FieldValue, Object> key) {
    if (!list.mustHaveAtMost(most)) {
      return;
    }
    list.items().forEach(rules);
    Set<Object> seen = new HashSet<>();
    for (FieldValue item : list.items()) {
      item.holding(key.apply(item)).mustBeNewIn(seen);
    }
  }

  static void names(FieldValue list, Consumer<FieldValue> rules) {
    set(list, MOST_REQUESTS, rules, FieldValue::string);
  }

  /// Data that only a driver understands.
  static void data(FieldValue data, int most) {
    Object value = data.value();
    if (value == null) {
      data.required();
    } else if (Formats.byteLength(Json.text(value)) > most) {
      data.tooLong(most);
    } else if (!(value instanceof Struct)) {
      data.invalid("<value omitted>", "must be a valid JSON object");
    }
  }
}
