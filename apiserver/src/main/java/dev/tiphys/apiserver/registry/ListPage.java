package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.storage.Stored;
import java.util.List;

/// A page of a list.
///
/// @param items the states
/// @param revision the revision of the whole list
/// @param continueToken where the next page begins; empty if this is the last one
/// @param remaining how many objects come after this page; negative if that is not known
public record ListPage(List<Stored> items, long revision, String continueToken, long remaining) {}
