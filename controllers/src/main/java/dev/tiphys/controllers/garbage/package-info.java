/// Deletes what belonged to objects that are gone.
///
/// A [dev.tiphys.controllers.common.ResourceWatch] for each kind of object tells the
/// [dev.tiphys.controllers.garbage.Graph] of owners and dependents what there is; changes in it are
/// [dev.tiphys.controllers.garbage.Work] for the [dev.tiphys.controllers.garbage.GarbageCollector],
/// whose [dev.tiphys.controllers.garbage.Reaper] looks at the live objects before it deletes
/// anything.
package dev.tiphys.controllers.garbage;
