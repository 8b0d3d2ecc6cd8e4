package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.ResourceNames;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Rules for LimitRanges.
public final class LimitRangeRules {

  private static final List<String> TYPES = List.of("Pod", "Container", "PersistentVolumeClaim");
  private static final List<String> LISTS =
      List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");

  private LimitRangeRules() {}

  public static void create(FieldValue range) {
    Set<Object> types = new HashSet<>();
    for (FieldValue limit : range.at("spec", "limits").items()) {
      FieldValue type = limit.at("type");
      if (type.mustBe(Formats::labelKey)
          && type.string().indexOf('/') < 0
          && !TYPES.contains(type.string())) {
        type.invalid("must be a standard limit type or fully qualified");
      }
      type.mustBeNewIn(types);
      limit(limit, type.string());
    }
  }

  private static void limit(FieldValue limit, String type) {
    Set<String> resources = new TreeSet<>();
    boolean ofPod = type.equals("Pod");
    for (String list : LISTS) {
      FieldValue amounts = limit.at(list);
      boolean isDefault = list.startsWith("default");
      if (ofPod && isDefault) {
        if (!amounts.struct().isEmpty()) {
          amounts.forbidden("may not be specified when `type` is 'Pod'");
        }
        continue;
      }
      if (list.equals("maxLimitRequestRatio")) {
        storage(limit, type);
      }
      for (FieldValue amount : amounts.entries()) {
        name(amount, type);
        resources.add(amount.name());
      }
    }
    resources.forEach(resource -> fit(limit, resource, !ofPod));
  }

  private static void name(FieldValue amount, String type) {
    if (type.equals("Pod") || type.equals("Container")) {
      ResourceNames.ofContainer(amount);
    } else {
      ResourceNames.anywhere(amount);
    }
  }

  private static void storage(FieldValue limit, String type) {
    Struct item = limit.struct();
    if (type.equals("PersistentVolumeClaim")
        && !item.has("min", "storage")
        && !item.has("max", "storage")) {
      limit
          .at("limits")
          .required(
              "either minimum or maximum storage value is required, but neither was provided");
    }
  }

  private static @Nullable Quantity amount(FieldValue limit, String list, String resource) {
    Object value = limit.at(list).struct().get(resource);
    return value == null ? null : Quantity.from(value);
  }

  /// The least, the most and what is between them are in order.
  private static void fit(FieldValue limit, String resource, boolean hasDefaults) {
    Quantity least = amount(limit, "min", resource);
    Quantity most = amount(limit, "max", resource);
    Quantity usual = hasDefaults ? amount(limit, "default", resource) : null;
    Quantity request = hasDefaults ? amount(limit, "defaultRequest", resource) : null;
    FieldValue minPlace = limit.at("min").key(resource);
    FieldValue usualPlace = limit.at("default").key(resource);
    FieldValue requestPlace = limit.at("defaultRequest").key(resource);
    inOrder(minPlace, least, least, "min value", most, "max value");
    inOrder(requestPlace, request, least, "min value", request, "default request value");
    inOrder(requestPlace, request, request, "default request value", most, "max value");
    inOrder(requestPlace, request, request, "default request value", usual, "default limit value");
    inOrder(usualPlace, least, least, "min value", usual, "default value");
    inOrder(usualPlace, most, usual, "default value", most, "max value");
    ratio(limit.at("maxLimitRequestRatio").key(resource), least, most);
    if (!ResourceNames.canBeOvercommitted(resource)
        && usual != null
        && request != null
        && !usual.equals(request)) {
      requestPlace.invalid(
          "default value "
              + usual
              + " must equal to defaultRequest value "
              + request
              + " in "
              + resource);
    }
  }

  private static void inOrder(
      FieldValue field,
      @Nullable Quantity shown,
      @Nullable Quantity less,
      String lessName,
      @Nullable Quantity more,
      String moreName) {
    if (less != null && more != null && less.compareTo(more) > 0) {
      String value = shown == null ? "" : shown.toString();
      field.invalid(value, lessName + " " + less + " is greater than " + moreName + " " + more);
    }
  }

  private static void ratio(FieldValue field, @Nullable Quantity least, @Nullable Quantity most) {
    if (!field.isSet()) {
      return;
    }
    Quantity ratio = Quantity.from(field.value());
    if (ratio.compareTo(Quantity.of(1)) < 0) {
      field.invalid("ratio " + ratio + " is less than 1");
    }
    if (least != null && most != null) {
      double possible = (double) most.milli() / least.milli();
      if (ratio.milli() / 1000.0 > possible) {
        field.invalid(
            String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio, possible));
      }
    }
  }
}
