package dev.tiphys.client.placement;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/// Amounts of resources, as plain numbers.
///
/// @param cpu in thousandths
/// @param memory in bytes
/// @param ephemeralStorage in bytes
/// @param others huge pages and extended resources, by name
public record ResourceList(long cpu, long memory, long ephemeralStorage, Map<String, Long> others) {

  public static final ResourceList NONE = new ResourceList(0, 0, 0, Map.of());

  public ResourceList {
    others = Map.copyOf(others);
  }

  /// What a ResourceList says; `pods` aside, which is no resource that a Pod asks for.
  public static ResourceList of(Struct list) {
    long cpu = 0;
    long memory = 0;
    long ephemeralStorage = 0;
    Map<String, Long> others = Map.of();
    for (int i = 0; i < list.size(); i++) {
      Quantity amount = quantity(list.value(i));
      switch (list.name(i)) {
        case "cpu" -> cpu = amount.milli();
        case "memory" -> memory = amount.units();
        case "ephemeral-storage" -> ephemeralStorage = amount.units();
        case "pods" -> {}
        default -> {
          others = others.isEmpty() ? new HashMap<>() : others;
          others.put(list.name(i), amount.units());
        }
      }
    }
    return new ResourceList(cpu, memory, ephemeralStorage, others);
  }

  /// A quantity that can't be read counts as none: one odd object must not stop the others.
  public static Quantity quantity(Object value) {
    try {
      return Quantity.from(value);
    } catch (IllegalArgumentException e) {
      return Quantity.ZERO;
    }
  }

  /// The sum of both.
  public ResourceList plus(ResourceList more) {
    return combine(more, Long::sum);
  }

  /// This without the other; amounts may be negative.
  public ResourceList minus(ResourceList less) {
    return combine(less, (one, other) -> one - other);
  }

  /// The larger of both, resource by resource.
  public ResourceList max(ResourceList other) {
    return combine(other, Math::max);
  }

  private ResourceList combine(ResourceList that, LongBinaryOperator operator) {
    return new ResourceList(
        operator.applyAsLong(cpu, that.cpu),
        operator.applyAsLong(memory, that.memory),
        operator.applyAsLong(ephemeralStorage, that.ephemeralStorage),
        others.isEmpty() && that.others.isEmpty()
            ? Map.of()
            : combined(others, that.others, operator));
  }

  private static Map<String, Long> combined(
      Map<String, Long> one, Map<String, Long> other, LongBinaryOperator operator) {
    Map<String, Long> all = new HashMap<>();
    one.forEach(
        (name, amount) ->
            all.put(name, operator.applyAsLong(amount, other.getOrDefault(name, 0L))));
    other.forEach(
        (name, amount) -> all.computeIfAbsent(name, _ -> operator.applyAsLong(0, amount)));
    all.values().removeIf(amount -> amount == 0);
    return all;
  }

  /// The amount of a resource that is neither CPU, memory nor ephemeral storage.
  public long other(String name) {
    return others.getOrDefault(name, 0L);
  }
}
