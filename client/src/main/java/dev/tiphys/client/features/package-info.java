/// What upstream's feature gates are called, and which of them are on.
package dev.tiphys.client.features;
