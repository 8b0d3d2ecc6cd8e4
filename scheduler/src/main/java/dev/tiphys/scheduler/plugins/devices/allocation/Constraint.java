package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What some devices of a claim must have in common, or must not: the value of an attribute.
/// Devices are taken back in the reverse order in which they were added.
///
/// Threads: one.
final class Constraint {

  private final List<String> requests;
  private final String attribute;
  private final boolean distinct;
  private final Deque<Struct> values = new ArrayDeque<>();

  /// @param constraint of a claim
  Constraint(Struct constraint) {
    this.requests = constraint.strings("requests");
    this.distinct = !constraint.has("matchAttribute");
    this.attribute = constraint.string(distinct ? "distinctAttribute" : "matchAttribute");
  }

  /// Adds a device, if it may join those that there are. One that lacks the attribute may not.
  boolean add(DeviceRequest request, Device device) {
    if (!request.isIn(requests)) {
      return true;
    }
    Struct value = device.attribute(attribute);
    boolean joins = !value.isEmpty() && (distinct ? !values.contains(value) : isCommon(value));
    if (joins) {
      values.push(value);
    }
    return joins;
  }

  private boolean isCommon(Struct value) {
    Struct common = values.peek();
    return common == null || common.equals(value);
  }

  /// Takes the device back that was added last.
  void remove(DeviceRequest request) {
    if (request.isIn(requests)) {
      values.pop();
    }
  }
}
