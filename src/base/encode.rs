//! Small things as bytes: numbers of 8 bytes, little-endian, texts behind their lengths. For what is no array.

use std::borrow::Cow;

use bytes::Bytes;

use super::array::Part;

/// A thing that is written field by field.
pub(crate) trait Encode: Sized {
    fn encode(&self, to: &mut Vec<u8>);

    /// Reads what [`Encode::encode`] has written, from the front of `from`; nothing where it cannot be.
    fn decode(from: &mut &[u8]) -> Option<Self>;
}

impl<T: Encode> Part for T {
    fn part(&self) -> (usize, Cow<'_, [u8]>) {
        let mut bytes = Vec::new();
        self.encode(&mut bytes);
        (1, bytes.into())
    }

    fn from_part(width: usize, bytes: Bytes) -> Option<Self> {
        let mut rest = &bytes[..];
        let thing = T::decode(&mut rest)?;
        (width == 1 && rest.is_empty()).then_some(thing)
    }
}

impl Encode for u64 {
    fn encode(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        let (number, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(u64::from_le_bytes(*number))
    }
}

impl Encode for u32 {
    fn encode(&self, to: &mut Vec<u8>) {
        u64::from(*self).encode(to);
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        u64::decode(from)?.try_into().ok()
    }
}

impl Encode for usize {
    fn encode(&self, to: &mut Vec<u8>) {
        (*self as u64).encode(to);
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        u64::decode(from)?.try_into().ok()
    }
}

impl Encode for bool {
    fn encode(&self, to: &mut Vec<u8>) {
        u64::from(*self).encode(to);
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        match u64::decode(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Encode for Box<[u8]> {
    fn encode(&self, to: &mut Vec<u8>) {
        self.len().encode(to);
        to.extend_from_slice(self);
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        let length = usize::decode(from)?;
        let (text, rest) = from.split_at_checked(length)?;
        *from = rest;
        Some(text.into())
    }
}

impl Encode for String {
    fn encode(&self, to: &mut Vec<u8>) {
        Box::<[u8]>::from(self.as_bytes()).encode(to);
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        String::from_utf8(Box::<[u8]>::decode(from)?.into()).ok()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        self.is_some().encode(to);
        if let Some(thing) = self {
            thing.encode(to);
        }
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        if bool::decode(from)? { T::decode(from).map(Some) } else { Some(None) }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        self.len().encode(to);
        for thing in self {
            thing.encode(to);
        }
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        // The length is not trusted: things take at least a byte each.
        let length = usize::decode(from).filter(|&length| length <= from.len())?;
        (0..length).map(|_| T::decode(from)).collect()
    }
}

/// [`Encode`] for a struct, field by field in this order.
macro_rules! encode_fields {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::base::encode::Encode for $type {
            fn encode(&self, to: &mut Vec<u8>) {
                $($crate::base::encode::Encode::encode(&self.$field, to);)*
            }

            fn decode(from: &mut &[u8]) -> Option<Self> {
                $(let $field = $crate::base::encode::Encode::decode(from)?;)*
                Some(Self { $($field),* })
            }
        }
    };
}

/// [`Encode`] for an enum whose variants hold nothing or one thing, by the place in this list and that thing. The compiler
/// asks for a variant that is missing.
macro_rules! encode_variants {
    ($type:ident { $($variant:ident $(($held:ident))?),* $(,)? }) => {
        impl $crate::base::encode::Encode for $type {
            fn encode(&self, to: &mut Vec<u8>) {
                let is_it = [$(matches!(self, $type::$variant { .. })),*];
                is_it.iter().position(|&is_it| is_it).expect("all variants stand below").encode(to);
                match self {
                    $($type::$variant $(($held))? => { $($held.encode(to);)? })*
                }
            }

            fn decode(from: &mut &[u8]) -> Option<Self> {
                let place = usize::decode(from)?;
                let mut places = 0..;
                $(if places.next() == Some(place) {
                    $(let $held = $crate::base::encode::Encode::decode(from)?;)?
                    return Some($type::$variant $(($held))?);
                })*
                None
            }
        }
    };
}

pub(crate) use {encode_fields, encode_variants};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_back_as_they_were_and_damaged_bytes_are_refused() {
        type Thing = Vec<Option<String>>;
        let thing: Thing = vec![None, Some("a\u{1f600}".into()), Some(String::new())];
        let (width, bytes) = thing.part();
        assert_eq!(Thing::from_part(width, Bytes::copy_from_slice(&bytes)).as_ref(), Some(&thing));
        for end in 0..bytes.len() {
            assert_eq!(Thing::from_part(width, Bytes::copy_from_slice(&bytes[..end])), None);
        }
        assert_eq!(Vec::<u64>::from_part(1, Bytes::copy_from_slice(&[0xff; 16])), None);
    }
}
