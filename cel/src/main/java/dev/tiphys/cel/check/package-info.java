/// Which types expressions have, and which functions they call.
package dev.tiphys.cel.check;
