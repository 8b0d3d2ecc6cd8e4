package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.events.Interest;
import java.util.List;

/// Says what may let a Pod run that the plugin has refused. A Pod that was refused by plugins
/// without this is tried again after any event.
public interface EnqueueExtensions extends Plugin {

  List<Interest> events();
}
