package dev.tiphys.secrets.model;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.util.function.Function;

/// What reviews objects of one kind that are made or changed.
///
/// @param webhook in whose name objects are refused
/// @param refusal says why an object can't be as it is, one problem a line; empty if it can
public record Review(String webhook, ApiResource resource, Function<Struct, String> refusal) {}
