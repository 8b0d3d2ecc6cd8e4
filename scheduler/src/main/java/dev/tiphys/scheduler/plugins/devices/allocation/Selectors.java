package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.schema.expressions.Compiled;
import dev.tiphys.schema.expressions.DeviceSelector;
import java.util.LinkedHashMap;
import java.util.Map;

/// The expressions that were met lately, compiled.
///
/// Threads: one.
public final class Selectors {

  private static final int REMEMBERED = 256;

  private final Map<String, Compiled> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
          return size() > REMEMBERED;
        }
      };

  Compiled of(String expression) {
    return known.computeIfAbsent(expression, DeviceSelector::compile);
  }
}
