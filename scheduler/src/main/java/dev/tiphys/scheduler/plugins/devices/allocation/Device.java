package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Program;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.DeviceSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A device that a driver has published. What expressions say of it is kept: it changes only with
/// the device.
///
/// Threads: one.
final class Device {

  /// For so many expressions, which are few in practice, what they say is kept.
  private static final int REMEMBERED = 64;

  private final DeviceId id;
  private final Struct object;
  private final Reach reach;
  private final Struct make;
  private final Map<Program, Verdict> verdicts = new HashMap<>();
  private @Nullable Object variable;

  /// @param problem why an expression has no value; empty if it has one
  private record Verdict(boolean matches, String problem) {}

  /// @param object an element of a ResourceSlice's `spec.devices`
  Device(DeviceId id, Struct object, Reach reach) {
    this.id = id;
    this.object = object;
    this.reach = reach;
    this.make = object.without("name");
  }

  DeviceId id() {
    return id;
  }

  Reach reach() {
    return reach;
  }

  /// All that is known of it but its name.
  Struct make() {
    return make;
  }

  Struct capacity() {
    return object.struct("capacity");
  }

  List<Struct> taints() {
    return object.structs("taints");
  }

  List<Struct> consumedCounters() {
    return object.structs("consumesCounters");
  }

  List<String> bindingConditions() {
    return object.strings("bindingConditions");
  }

  List<String> bindingFailureConditions() {
    return object.strings("bindingFailureConditions");
  }

  /// Whether it is only good for the node that it was allocated on.
  boolean bindsToNode() {
    return object.bool("bindsToNode");
  }

  /// Whether several claims may have a share of it each.
  boolean isShared() {
    return object.bool("allowMultipleAllocations");
  }

  /// The value of an attribute, with its type; empty if there is none.
  ///
  /// @param name with a domain, which may be the driver's where the device has none
  Struct attribute(String name) {
    Struct attributes = object.struct("attributes");
    if (attributes.has(name)) {
      return attributes.struct(name);
    }
    String own = id.driver() + "/";
    return name.startsWith(own) ? attributes.struct(name.substring(own.length())) : Struct.EMPTY;
  }

  /// Whether an expression selects it.
  ///
  /// @throws EvaluationException if that can't be told
  boolean matches(Program program) {
    Verdict verdict = verdicts.get(program);
    if (verdict == null) {
      if (verdicts.size() >= REMEMBERED) {
        verdicts.clear();
      }
      verdict = verdict(program);
      verdicts.put(program, verdict);
    }
    if (!verdict.problem.isEmpty()) {
      throw new EvaluationException(verdict.problem);
    }
    return verdict.matches;
  }

  private Verdict verdict(Program program) {
    try {
      Object device = variable;
      if (device == null) {
        device = DeviceSelector.device(id.driver(), object);
        variable = device;
      }
      return new Verdict(DeviceSelector.matches(program, device), "");
    } catch (EvaluationException e) {
      return new Verdict(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
