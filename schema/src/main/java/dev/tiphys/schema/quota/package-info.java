/// What the objects of a namespace use of its quotas: which kinds count for which names, and how
/// much one object uses. Known to admission, which charges, and to the controller, which counts.
package dev.tiphys.schema.quota;
