package dev.tiphys.schema.validation;

import dev.tiphys.object.Quantity;
import java.util.Set;

/// Names of resources, and what amounts of them can be.
///
/// Names without a slash are Kubernetes' own. Others are extended resources, such as
/// `example.com/gpu`, which are whole and never overcommitted, unless they are within
/// `kubernetes.io/`.
public final class ResourceNames {

  /// What the names of huge pages begin with; their size follows.
  public static final String HUGE_PAGES = "hugepages-";

  private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");

  /// Resources that are counted.
  private static final Set<String> COUNTED =
      Set.of(
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "configmaps",
          "persistentvolumeclaims",
          "services.nodeports",
          "services.loadbalancers");

  /// Other resources that a quota can limit.
  private static final Set<String> LIMITED =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.storage",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage");

  private ResourceNames() {}

  /// A resource that means something somewhere. Returns whether it does.
  public static boolean anywhere(FieldValue entry) {
    return anywhere(entry, entry.name());
  }

  private static boolean anywhere(FieldValue value, String resource) {
    FieldValue name = value.holding(resource);
    if (!name.mustBe(Formats::labelKey)) {
      return false;
    }
    if (isOwn(resource) && !isStandard(resource)) {
      name.invalid("must be a standard resource type or fully qualified");
      return false;
    }
    return true;
  }

  /// A resource that a container can ask for.
  public static void ofContainer(FieldValue entry) {
    ofContainer(entry, entry.name());
  }

  /// @param place where errors about the name are told
  public static void ofContainer(FieldValue value, String name) {
    if (CONTAINER.contains(name)) {
      return;
    }
    anywhere(value, name);
    if (isOwn(name) && !isHugePages(name)) {
      value.invalid(name, "must be a standard resource for containers");
    } else if (!isNative(name) && !isExtended(name)) {
      value.invalid(name, "doesn't follow extended resource name standard");
    }
  }

  /// A resource that a quota can limit.
  public static void inQuota(FieldValue entry) {
    anywhere(entry);
    String name = entry.name();
    if (isOwn(name) && !isQuotaResource(name)) {
      entry.invalid(name, "must be a standard resource for quota");
    }
  }

  /// An amount of a resource.
  public static void amount(FieldValue value, String resource) {
    Quantity amount = Quantity.from(value.value());
    if (amount.isNegative()) {
      value.invalid(FieldValue.NEGATIVE);
    }
    if (isCounted(resource) && !amount.isWhole()) {
      value.invalid("must be an integer");
    }
  }

  /// An amount of a resource of which there must be some.
  public static boolean positive(FieldValue value) {
    if (Quantity.from(value.value()).compareTo(Quantity.ZERO) <= 0) {
      value.invalid("must be greater than zero");
      return false;
    }
    return true;
  }

  private static boolean isOwn(String name) {
    return name.indexOf('/') < 0;
  }

  private static boolean isStandard(String name) {
    return isQuotaResource(name) || name.equals("storage");
  }

  public static boolean isQuotaResource(String name) {
    return LIMITED.contains(name)
        || COUNTED.contains(name)
        || isHugePages(name)
        || name.startsWith("requests." + HUGE_PAGES);
  }

  public static boolean isHugePages(String name) {
    return name.startsWith(HUGE_PAGES);
  }

  /// Whether Kubernetes itself knows the resource.
  public static boolean isNative(String name) {
    return isOwn(name) || name.contains("kubernetes.io/");
  }

  public static boolean isExtended(String name) {
    return !isNative(name)
        && !name.startsWith("requests.")
        && Formats.labelKey("requests." + name).isEmpty();
  }

  private static boolean isCounted(String name) {
    return COUNTED.contains(name) || isExtended(name);
  }

  public static boolean canBeOvercommitted(String name) {
    return isNative(name) && !isHugePages(name);
  }

  /// Whether an amount of huge pages is made of whole pages.
  public static boolean isMultipleOfPage(String name, Quantity amount) {
    Quantity page;
    try {
      page = Quantity.parse(name.substring(HUGE_PAGES.length()));
    } catch (IllegalArgumentException e) {
      return false;
    }
    return page.isWhole()
        && page.compareTo(Quantity.ZERO) > 0
        && amount.units() % page.units() == 0;
  }
}
