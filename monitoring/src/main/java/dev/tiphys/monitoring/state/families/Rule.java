package dev.tiphys.monitoring.state.families;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What an object adds to a family. The same object always adds the same.
@FunctionalInterface
public interface Rule {

  void write(Struct object, Samples out);

  /// A number; 0 where there is none.
  static Rule number(String... path) {
    return (object, out) -> out.add(object.integer(path));
  }

  /// A number, if there is one.
  static Rule numberIfSet(String... path) {
    return (object, out) -> {
      if (object.has(path)) {
        out.add(object.integer(path));
      }
    };
  }

  /// 1 if it is true, or else 0.
  static Rule flag(String... path) {
    return (object, out) -> out.add(object.bool(path) ? 1 : 0);
  }

  /// How many there are in a list.
  static Rule count(String... path) {
    return (object, out) -> out.add(object.list(path).size());
  }

  /// A time in seconds since 1970, if there is one.
  static Rule time(String... path) {
    return (object, out) -> {
      Instant time = Timestamps.of(object.get(path));
      if (time != null) {
        out.add(time.getEpochSecond());
      }
    };
  }

  /// 1 for each object, with labels.
  ///
  /// @param labels names of labels, and the fields that they show, by turns; a field's names are
  ///   parted by dots
  static Rule info(String... labels) {
    String[][] paths = new String[labels.length][];
    for (int i = 1; i < labels.length; i += 2) {
      paths[i] = labels[i].split("\\.");
    }
    return (object, out) -> {
      String[] shown = labels.clone();
      for (int i = 1; i < shown.length; i += 2) {
        shown[i] = object.string(paths[i]);
      }
      out.add(1, shown);
    };
  }

  /// 1 for each element of a list of texts.
  static Rule each(String label, String... path) {
    return (object, out) -> object.strings(path).forEach(text -> out.add(1, label, text));
  }

  /// One of several words: 1 for the one that a field has, and 0 for the others; nothing where the
  /// field is empty.
  static Rule oneOf(String label, List<String> words, String... path) {
    return (object, out) -> {
      String actual = object.string(path);
      if (!actual.isEmpty()) {
        words.forEach(word -> out.add(word.equals(actual) ? 1 : 0, label, word));
      }
    };
  }

  /// The version of the object, where it is a number.
  static Rule version() {
    return (object, out) -> {
      String version = Meta.of(object).resourceVersion();
      if (!version.isEmpty()) {
        try {
          out.add(Double.parseDouble(version));
        } catch (NumberFormatException e) {
          // of a server whose versions are none
        }
      }
    };
  }

  /// All conditions in `status`, each with all the states that it may have.
  static Rule conditions() {
    return (object, out) -> {
      for (Struct condition : object.structs("status", "conditions")) {
        String type = condition.string("type");
        states(condition, (state, value) -> out.add(value, "condition", type, "status", state));
      }
    };
  }

  /// The states of the condition of one type.
  static Rule condition(String type) {
    return (object, out) -> {
      Struct condition = Meta.condition(object, type);
      if (condition != null) {
        states(condition, (state, value) -> out.add(value, "condition", state));
      }
    };
  }

  /// Takes a state of a condition, and whether the condition is in it.
  interface States {
    void take(String state, double value);
  }

  /// All states of a condition.
  static void states(Struct condition, States to) {
    String actual = condition.string("status");
    for (String state : List.of("True", "False", "Unknown")) {
      to.take(state.toLowerCase(Locale.ROOT), state.equals(actual) ? 1 : 0);
    }
  }

  /// The owners, with whether each is the controller; one without a name if there is none.
  static Rule owners() {
    return (object, out) -> {
      List<Struct> owners = Meta.of(object).owners();
      if (owners.isEmpty()) {
        out.add(1, "owner_kind", "", "owner_name", "", "owner_is_controller", "");
      }
      for (Struct owner : owners) {
        out.add(
            1,
            "owner_kind",
            owner.string("kind"),
            "owner_name",
            owner.string("name"),
            "owner_is_controller",
            Boolean.toString(owner.bool("controller")));
      }
    };
  }

  /// Something that is measured, to the thousandth where it is not too large for that.
  static double amount(Object quantity) {
    Quantity amount = Quantity.from(quantity);
    return Math.abs(amount.doubleValue()) > Long.MAX_VALUE / 1000.0
        ? amount.doubleValue()
        : amount.milli() / 1000.0;
  }
}
