//! Times in JSON: milliseconds as a number, in fields whose names end in `_ms`.

use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

/// A time as its milliseconds; a whole number wherever it is one.
#[derive(Clone, Debug)]
struct Millis(Duration);

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = self.0.subsec_nanos().is_multiple_of(1_000_000);
        match u64::try_from(self.0.as_millis()) {
            Ok(millis) if whole => millis.serialize(serializer),
            _ => (self.0.as_secs_f64() * 1000.0).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        let part = || Duration::try_from_secs_f64(number.as_f64()? / 1000.0).ok();
        let time = number.as_u64().map(Duration::from_millis).or_else(part);
        time.map(Self).ok_or_else(|| D::Error::custom("not a number of milliseconds"))
    }
}

/// A time inside a position.
pub(super) mod time {
    use super::{Deserialize, Deserializer, Duration, Millis, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        time: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Millis(*time).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        Millis::deserialize(deserializer).map(|millis| millis.0)
    }
}

/// A knob whose positions are times.
pub(super) mod knob {
    use super::{Deserialize, Deserializer, Duration, Millis, Serialize, Serializer};
    use crate::Knob;

    pub(in super::super) fn serialize<S: Serializer>(
        knob: &Knob<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        knob.clone().map(Millis).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Knob<Duration>, D::Error> {
        Knob::<Millis>::deserialize(deserializer).map(|knob| knob.map(|millis| millis.0))
    }
}

/// A knob whose positions are times or none.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Duration, Millis, Serialize, Serializer};
    use crate::Knob;

    pub(in super::super) fn serialize<S: Serializer>(
        knob: &Knob<Option<Duration>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        knob.clone().map(|time| time.map(Millis)).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Knob<Option<Duration>>, D::Error> {
        let knob = Knob::<Option<Millis>>::deserialize(deserializer)?;
        Ok(knob.map(|time| time.map(|millis| millis.0)))
    }
}
