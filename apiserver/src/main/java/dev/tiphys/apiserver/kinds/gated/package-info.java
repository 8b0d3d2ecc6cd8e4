/// What is special to kinds and fields that belong to features with gates.
package dev.tiphys.apiserver.kinds.gated;
